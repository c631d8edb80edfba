import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, inboxStatusOf, sharedKeys, statusOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'okta', keys: sharedKeys('the-secret') });

describe('An Okta source', () => {
  it.each([
    ['with markup', '<b>'],
    ['of 257 characters', 'a'.repeat(257)],
    ['that is empty', ''],
  ])('does not echo a challenge %s', async (_, challenge) => {
    const headers = { authorization: 'the-secret', 'x-okta-verification-challenge': challenge };
    expect(await statusOf(open().deliver(withHeaders(bodiless('GET'), headers)))).toBe(404);
  });

  it.each(['the-secre', 'the-secret ', 'Bearer the-secret', 'THE-SECRET'])(
    'rejects the Authorization header %j, where its secret is "the-secret"',
    async (authorization) => {
      const inbox = open();
      const signed = inbox.sign(readVector('okta').sample);
      expect(await statusOf(inbox.deliver(withHeaders(signed, { authorization })))).toBe(401);
    },
  );

  const deliver = (inbox: ReturnType<typeof open>, body: unknown) => inbox.deliver(inbox.sign(unsigned(body)));
  const hook = (...events: readonly unknown[]) => ({ eventType: 'com.okta.event_hook', data: { events } });

  it('acknowledges with 204 and no body', async () => {
    const inbox = open();
    for (const status of ['processed', 'duplicate']) {
      const { statusCode, body, headers } = await deliver(inbox, hook({ uuid: '1' }));
      expect([statusCode, body, headers?.['Inbox-Status']]).toEqual([204, '', status]);
    }
  });

  it.each([
    { uuid: '1', actor: { id: 'a'.repeat(300) }, published: '2026-03-01T12:00:00.000Z' },
    { uuid: '1', eventType: 7, published: 'yesterday', severity: {}, actor: 'x', outcome: [] },
    { uuid: '1', eventType: 'a'.repeat(10_000), actor: { id: 'a'.repeat(10_000) }, outcome: { result: null } },
    { uuid: '1', published: '2020-01-01T00:00:00.000Z' },
  ])('stores an event whose fields are odd, or whose time is long past: %j', async (event) => {
    const inbox = open();
    expect(await inboxStatusOf(deliver(inbox, hook(event)))).toBe('processed');
    expect(inbox.items).toHaveLength(1);
  });

  it('keeps a long id of an actor', async () => {
    const inbox = open();
    await deliver(inbox, hook({ uuid: '1', actor: { id: 'a'.repeat(1_024) } }));
    expect(inbox.items[0]?.data).toEqual({ actor_id: 'a'.repeat(1_024) });
  });

  it.each([{}, { uuid: 7 }, null, []])(
    'keeps the event %j in quarantine, and stores those beside it',
    async (event) => {
      const inbox = open();
      expect(await inboxStatusOf(deliver(inbox, hook({ uuid: '1' }, event, { uuid: '2' })))).toBe('quarantined');
      expect(inbox.items.map(({ event_id }) => event_id)).toEqual(['1', '2']);
      expect(inbox.quarantined.map(({ reason }) => reason)).toEqual(['invalid_event']);
    },
  );

  it('keeps the numbers of each event as they were written', async () => {
    const inbox = open();
    const debug = '{"a":12.10,"b":1e400,"c":12345678901234567890.125}';
    await deliver(inbox, `{"data":{"events":[{"uuid":"1","debug":${debug}}]}}`);
    expect(inbox.items[0]?.payload).toBe(`{"uuid":"1","debug":${debug}}`);
  });
});

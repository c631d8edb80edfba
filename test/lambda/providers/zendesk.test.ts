import { describe, expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('zendesk');

describe('A Zendesk source', () => {
  it("answers 503 where its secret is the public one of Zendesk's documentation", async () => {
    const inbox = providerInbox({
      provider: 'zendesk',
      keys: sharedKeys('dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=='),
    });
    expect((await inbox.deliver(inbox.sign(sample))).statusCode).toBe(503);
    expect(inbox.reports[0]?.reason).toBe('unusable_secret');
  });

  it.each<[string, unknown]>([
    ['text', '"Ticket 7 was solved"'],
    ['a list', ['7']],
    ['a number', 7],
    ['null', null],
    ['an object like an event, with an id of another type', { zendesk_event_version: '2022-11-06', id: 7 }],
  ])('stores the body that the author of a trigger wrote: %s', async (_, body) => {
    const inbox = providerInbox({ provider: 'zendesk', keys: sharedKeys('a-secret') });
    const { headers, ...rest } = unsigned(body);
    const request = { ...rest, headers: { ...headers, 'x-zendesk-webhook-invocation-id': 'i1' } };
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(request)))).toBe('processed');
    expect(await inboxStatusOf(inbox.deliver(inbox.sign(request)))).toBe('duplicate');
    expect(inbox.items).toMatchObject([{ event_id: 'i1', data: {} }]);
  });

  it('identifies an event by the id that is signed, whatever the header says', async () => {
    const inbox = providerInbox({ provider: 'zendesk', keys: sharedKeys('a-secret') });
    const signed = inbox.sign(sample);
    await inbox.deliver(signed);
    const again = withHeaders(signed, { 'x-zendesk-webhook-invocation-id': 'another' });
    expect(JSON.parse((await inbox.deliver(again)).body).status).toBe('duplicate');
  });
});

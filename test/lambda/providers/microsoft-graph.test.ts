import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, sharedKeys, statusesOf, unsigned } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'microsoft-graph', keys: sharedKeys('the-secret') });

describe('A Microsoft Graph source', () => {
  it('stores no secret', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(readVector('microsoft-graph').sample));
    expect(inbox.items).toHaveLength(2);
    for (const { data, payload } of inbox.items) {
      const text = typeof payload === 'string' ? payload : gunzipSync(payload ?? '').toString();
      expect(JSON.parse(text).subscriptionId).toBe(data.subscription_id);
      expect(text).not.toContain('the-secret');
    }
  });

  it.each(['<script>alert(1)</script>', '', 'a'.repeat(1025), '{"a":1}'])(
    'does not echo the validation token %j',
    async (validationToken) => {
      const headers = new Map([['content-type', ['application/json']]]);
      const { statusCode, body } = await open().deliver({ ...bodiless('POST', { validationToken }), headers });
      expect(statusCode).toBe(401);
      expect(body).not.toContain(validationToken || 'the-secret');
    },
  );

  const PRESENCE = { subscriptionId: 's1', changeType: 'updated', resource: "communications/presences('u1')" };
  const deliver = (inbox: ReturnType<typeof open>, ...value: readonly object[]) =>
    statusesOf(inbox.deliver(inbox.sign(unsigned({ value }))));

  it('stores each notification without an id, though it comes in the same words 90 s later', async () => {
    const inbox = open();
    expect(await deliver(inbox, PRESENCE)).toEqual(['processed']);
    inbox.clock.now += 90_000;
    expect(await deliver(inbox, PRESENCE)).toEqual(['processed']);
  });

  it('takes the same words within one minute of the clock for one notification', async () => {
    const inbox = open();
    const minute = NOW - (NOW % 60_000);
    const statuses = [];
    for (const ms of [0, 59_999, 60_000]) {
      inbox.clock.now = minute + ms;
      statuses.push(...(await deliver(inbox, PRESENCE, { ...PRESENCE, subscriptionId: `s${ms}` })));
    }
    expect(statuses).toEqual(['processed', 'processed', 'duplicate', 'processed', 'processed', 'processed']);
  });

  it('takes a notification with an id for a duplicate at any time', async () => {
    const inbox = open();
    expect(await deliver(inbox, { ...PRESENCE, id: 'n1' })).toEqual(['processed']);
    inbox.clock.now += 3_600_000;
    expect(await deliver(inbox, { ...PRESENCE, id: 'n1' })).toEqual(['duplicate']);
  });

  it.each([
    { id: 7, subscriptionId: 7, changeType: [], resource: {}, tenantId: null, resourceData: 'x' },
    { resource: 'a'.repeat(10_000), subscriptionId: 'a'.repeat(10_000), resourceData: { id: 7 } },
    {},
  ])('stores a notification whose fields are odd: %j', async (notification) => {
    expect(await deliver(open(), notification)).toEqual(['processed']);
  });
});

import { describe, expect, it } from '@jest/globals';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const SECRET = 'qfjakbt2uWB8DKAMECF-EA';
const URL = 'https://hooks.example.com/webhooks/square?tenant=7';
const { sample } = readVector('square');
const open = () => providerInbox({ provider: 'square', keys: sharedKeys(SECRET), publicUrl: URL });

const DAY_MS = 24 * 3600 * 1000;

describe('A Square source', () => {
  it.each([
    ['a test event of its dashboard, which has a time of years ago', '2020-02-06T21:27:34.308Z'],
    ['an event that is resent after more than 30 days', new Date(NOW - 31 * DAY_MS).toISOString()],
  ])('acknowledges %s, and keeps it in quarantine', async (_, createdAt) => {
    const inbox = open();
    const body = JSON.stringify({ event_id: 'e1', type: 'payment.created', created_at: createdAt, data: {} });
    const signed = inbox.sign({ ...sample, body });
    expect(await statusOf(inbox.deliver(signed))).toBe(200);
    expect(await inboxStatusOf(inbox.deliver(signed))).toBe('quarantined');
    expect(inbox.quarantined).toMatchObject([{ reason: 'outside_retention', event_id: 'e1' }]);
    expect(inbox.items).toEqual([]);
  });
});

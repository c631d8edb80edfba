import { describe, expect, it } from '@jest/globals';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const SECRET = 'lin_wh_iLp8gHjvTq2Yw0dK';
const { sample } = readVector('linear');

const open = () => providerInbox({ provider: 'linear', keys: sharedKeys(SECRET) });

describe('A Linear source', () => {
  const event = (fields: object = {}) => JSON.stringify({ type: 'Issue', webhookTimestamp: NOW, ...fields });
  const deliver = (body: string, headers: Readonly<Record<string, string>> = sample.headers) => {
    const inbox = open();
    return inbox.deliver(inbox.sign({ headers, body, events: [] })).then((response) => ({ response, inbox }));
  };

  it.each([
    { type: 7, action: {}, organizationId: null, webhookId: 'a'.repeat(10_000), actor: 'x', data: [] },
    { createdAt: 'yesterday', actor: { id: 7 }, data: { id: {} } },
    { createdAt: '2020-01-01T00:00:00.000Z' },
  ])('stores an event whose fields are odd, or whose time is long past: %j', async (fields) => {
    const { response } = await deliver(event(fields));
    expect(response.headers).toMatchObject({ 'Inbox-Status': 'processed' });
  });

  it('keeps an event without Linear-Delivery in quarantine', async () => {
    const { 'linear-delivery': _, ...headers } = sample.headers;
    const { response, inbox } = await deliver(event(), headers);
    expect(response.headers).toMatchObject({ 'Inbox-Status': 'quarantined' });
    expect(inbox.quarantined.map(({ reason }) => reason)).toEqual(['no_event_id']);
  });
});

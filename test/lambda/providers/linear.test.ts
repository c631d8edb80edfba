import { describe, expect, it } from '@jest/globals';
import { LinearWebhookClient } from '@linear/sdk/webhooks';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { headerOf, sharedKeys, statusOf, tampered } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const SECRET = 'lin_wh_iLp8gHjvTq2Yw0dK';
const { sample } = readVector('linear');
const client = new LinearWebhookClient(SECRET);

/** The SDK holds the time against the machine's clock, so this inbox does too. */
function open(now = Date.now()) {
  const inbox = providerInbox({ provider: 'linear', keys: sharedKeys(SECRET) });
  inbox.clock.now = now;
  return inbox;
}

function passesSdk(request: SignedRequest): boolean {
  try {
    return client.verify(request.body, headerOf(request, 'linear-signature'));
  } catch {
    return false;
  }
}

describe('A Linear source and the SDK', () => {
  it('accept what we sign, and reject it with one byte changed', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    expect(passesSdk(signed)).toBe(true);
    expect(await statusOf(inbox.deliver(signed))).toBe(200);
    expect(passesSdk(tampered(signed))).toBe(false);
    expect(await statusOf(inbox.deliver(tampered(signed)))).toBe(401);
  });

  it.each([
    ['62 s old', -62_000],
    ['62 s ahead', 62_000],
  ])('reject a time that is %s', async (_, shift) => {
    const now = Date.now();
    const signed = open(now + shift).sign(sample);
    expect(passesSdk(signed)).toBe(false);
    expect(await statusOf(open(now).deliver(signed))).toBe(401);
  });

  it.each(['"{{now:milliseconds}}"', '"{{now:iso}}"', 'null', '[]', '1e300', '1.5', '-1'])(
    'reject a time that is not in milliseconds: %s',
    async (time) => {
      const inbox = open();
      const body = `{"type":"Issue","webhookTimestamp":${time}}`;
      const signed = inbox.sign({ headers: sample.headers, body, events: [] });
      expect(passesSdk(signed)).toBe(false);
      expect(await statusOf(inbox.deliver(signed))).toBe(401);
    },
  );
});

describe('A Linear source', () => {
  const event = (fields: object = {}) => JSON.stringify({ type: 'Issue', webhookTimestamp: Date.now(), ...fields });
  const deliver = (body: string, headers: Readonly<Record<string, string>> = sample.headers) => {
    const inbox = open();
    return inbox.deliver(inbox.sign({ headers, body, events: [] })).then((response) => ({ response, inbox }));
  };

  it.each([
    { type: 7, action: {}, organizationId: null, webhookId: 'a'.repeat(10_000), actor: 'x', data: [] },
    { createdAt: 'yesterday', actor: { id: 7 }, data: { id: {} } },
    { createdAt: '2020-01-01T00:00:00.000Z' },
  ])('stores an event whose fields are odd, or whose time is long past: %.80j', async (fields) => {
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

import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { onlyValue, type SignedRequest, withHeaders } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { readVector, type VectorRequest } from '../../support/vectors.ts';

function open(provider: ProviderName) {
  const keys = providers[provider]().signature.generateKeys();
  return { inbox: providerInbox({ provider, keys }), vector: readVector(provider) };
}

const statusOf = async (answer: Promise<{ statusCode: number }>) => (await answer).statusCode;
const headerOf = ({ headers }: SignedRequest, name: string) => onlyValue(headers, name) ?? '';
const request = (content: unknown, type = 'application/json'): VectorRequest => ({
  headers: { 'content-type': type },
  body: typeof content === 'string' ? content : JSON.stringify(content),
  events: [],
});

describe('Stripe', () => {
  it('takes one good v1 of several, and no v0 for one', async () => {
    const { inbox, vector } = open('stripe');
    const signed = inbox.sign(vector.sample);
    const header = headerOf(signed, 'stripe-signature');
    const as = (value: string) => withHeaders(signed, { 'stripe-signature': value });
    expect(await statusOf(inbox.deliver(as(header.replace('v1=', 'v0='))))).toBe(401);
    const other = `v1=${'0'.repeat(64)}`;
    expect(await statusOf(inbox.deliver(as(header.replace(',', `,v0=x,${other},`))))).toBe(200);
  });
});

describe('Slack', () => {
  it('refuses a future time, and a handshake that is not signed', async () => {
    const { inbox, vector } = open('slack');
    const signed = inbox.sign(vector.sample);
    inbox.clock.now -= 302_000;
    expect(await statusOf(inbox.deliver(signed))).toBe(401);
    const handshake = inbox.sign(request({ type: 'url_verification', challenge: 'abc' }));
    expect(await statusOf(inbox.deliver(withHeaders(handshake, { 'x-slack-signature': 'v0=00' })))).toBe(401);
    expect((await inbox.deliver(handshake)).body).toBe('{"challenge":"abc"}');
  });

  it('sends back no challenge that a browser could take for more than text', async () => {
    const { inbox } = open('slack');
    const challenge = '<script>alert(1)</script>';
    const { body } = await inbox.deliver(inbox.sign(request({ type: 'url_verification', challenge })));
    expect(body).not.toContain('script');
  });

  it('refuses an event without its id, and takes users and channels as objects', async () => {
    const { inbox } = open('slack');
    const content = { type: 'event_callback', event_time: NOW / 1000 - 0.25, event: { type: 'user_change', user: {} } };
    expect(await statusOf(inbox.deliver(inbox.sign(request(content))))).toBe(422);
    expect(await statusOf(inbox.deliver(inbox.sign(request({ ...content, event_id: 'Ev1' }))))).toBe(200);
  });
});

describe('Shopify', () => {
  it('goes by the event id, whatever delivery it came with, and by the delivery where there is none', async () => {
    const { inbox, vector } = open('shopify');
    const deliver = (headers: Record<string, string>) =>
      inbox.deliver(inbox.sign({ ...vector.sample, headers: { ...vector.sample.headers, ...headers } }));
    const first = JSON.parse((await deliver({})).body);
    const again = JSON.parse((await deliver({ 'x-shopify-webhook-id': 'another' })).body);
    expect(again).toEqual({ status: 'duplicate', event_id: first.event_id });
    const { 'x-shopify-event-id': _, ...headers } = vector.sample.headers;
    const without = await inbox.deliver(inbox.sign({ ...vector.sample, headers }));
    expect(JSON.parse(without.body).event_id).toBe(vector.sample.headers['x-shopify-webhook-id']);
  });

  it('stores an event whose time it cannot read', async () => {
    const { inbox, vector } = open('shopify');
    const headers = { ...vector.sample.headers, 'x-shopify-triggered-at': 'yesterday' };
    expect(await statusOf(inbox.deliver(inbox.sign({ ...vector.sample, headers })))).toBe(200);
    expect(inbox.items[0]).not.toHaveProperty('occurred_at');
  });
});

describe('SendGrid', () => {
  it('signs the line break at the end', async () => {
    const { inbox, vector } = open('sendgrid');
    const signed = inbox.sign(vector.sample);
    expect(signed.body.subarray(-2).toString()).toBe('\r\n');
    expect(await statusOf(inbox.deliver({ ...signed, body: signed.body.subarray(0, -2) }))).toBe(401);
  });

  it('stores only what is missing of a body that comes again in other company', async () => {
    const { inbox } = open('sendgrid');
    const item = (id: string) => ({ sg_event_id: id, event: 'open', timestamp: Math.floor(NOW / 1000) });
    await inbox.deliver(inbox.sign(request([item('a'), item('b')])));
    const { body } = await inbox.deliver(inbox.sign(request([item('b'), item('c')])));
    expect(JSON.parse(body).events.map(({ status }: { status: string }) => status)).toEqual(['duplicate', 'processed']);
    expect(inbox.items).toHaveLength(3);
  });

  it('does not refuse a body for one odd field', async () => {
    const { inbox } = open('sendgrid');
    const body = [{ sg_event_id: '', event: 'bounce', email: null, sg_message_id: 7 }];
    expect(await statusOf(inbox.deliver(inbox.sign(request(body))))).toBe(200);
  });
});

describe('Discord', () => {
  it('tells an event of type 1 from a ping of type 1', async () => {
    const { inbox, vector } = open('discord');
    expect((await inbox.deliver(inbox.sign(request({ type: 1, id: '1' })))).body).toBe('{"type":1}');
    expect(inbox.items).toEqual([]);
    await inbox.deliver(inbox.sign(vector.sample));
    expect(inbox.items).toHaveLength(1);
  });

  it('keeps two events apart that differ in their time alone', async () => {
    const { inbox } = open('discord');
    for (const fraction of ['000001', '000002']) {
      const timestamp = `${new Date(NOW).toISOString().slice(0, 19)}.${fraction}`;
      await inbox.deliver(inbox.sign(request({ type: 1, event: { type: 'QUEST_USER_ENROLLMENT', timestamp } })));
    }
    expect(inbox.items).toHaveLength(2);
  });

  const at = (timestamp: string) => request({ type: 1, event: { type: 'ENTITLEMENT_CREATE', timestamp } });

  it.each(['', 'Z', '.2', '.250000000Z', '+00:00', '-00:00'])(
    'takes a time with %j after its seconds',
    async (rest) => {
      const { inbox } = open('discord');
      expect(await statusOf(inbox.deliver(inbox.sign(at(`2026-03-01T12:00:00${rest}`))))).toBe(200);
      expect(inbox.items[0]?.occurred_at?.slice(0, 19)).toBe('2026-03-01T12:00:00');
    },
  );

  it.each([
    '+002026-03-01T12:00:00Z',
    '2026-03-01T12:00:00Z (UTC)',
    '2026-03-01T12:00:00.2500000000Z',
    '2026-13-01T12:00:00Z',
  ])('names what is no time: %s', async (timestamp) => {
    const { inbox } = open('discord');
    const { statusCode, body } = await inbox.deliver(inbox.sign(at(timestamp)));
    expect([statusCode, JSON.parse(body).errors]).toEqual([
      422,
      [{ path: 'event.timestamp', expected: 'ISO 8601 time' }],
    ]);
  });

  it('answers 503, not 401, where the stored key is not 32 bytes in hexadecimal', async () => {
    const { signing } = providers.discord().signature.generateKeys();
    const inbox = providerInbox({ provider: 'discord', keys: { signing, verification: 'ab'.repeat(31) } });
    expect(await statusOf(inbox.deliver(inbox.sign(readVector('discord').sample)))).toBe(503);
  });
});

describe('Paddle', () => {
  it('takes any good h1 of several, wherever it stands', async () => {
    const { inbox, vector } = open('paddle');
    const signed = inbox.sign(vector.sample);
    const header = headerOf(signed, 'paddle-signature');
    const other = `h1=${'0'.repeat(64)}`;
    for (const value of [`${header};${other}`, header.replace(';', `;${other};`)]) {
      expect(await statusOf(inbox.deliver(withHeaders(signed, { 'paddle-signature': value })))).toBe(200);
    }
    expect(await statusOf(inbox.deliver(withHeaders(signed, { 'paddle-signature': `${header};ts=1` })))).toBe(401);
  });
});

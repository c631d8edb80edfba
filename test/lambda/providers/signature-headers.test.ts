import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

const secret = 'a-secret';
const keys = { signing: secret, verification: secret };
const hmacOf = (text: string | Buffer, key = secret) => createHmac('sha256', key).update(text).digest('base64');

describe('DocuSign, with a signature of each key', () => {
  const deliver = async (signatures: Record<string, string[]>) => {
    const inbox = providerInbox({ provider: 'docusign', keys });
    const signed = inbox.sign(readVector('docusign').sample);
    const headers = new Map([...signed.headers].filter(([name]) => !name.startsWith('x-docusign-signature-')));
    for (const [name, values] of Object.entries(signatures)) {
      const filled = values.map((value) => (value === 'good' ? hmacOf(signed.body) : value));
      headers.set(`x-docusign-signature-${name}`, filled);
    }
    return (await inbox.deliver({ ...signed, headers })).statusCode;
  };
  const other = hmacOf('another body');

  it.each([
    ['the first', 200, { 1: ['good'], 2: [other] }],
    ['the last', 200, { 1: [other], 2: ['good'] }],
    ['the hundredth', 200, { 100: ['good'] }],
    ['none', 401, { 1: [other], 2: [other] }],
    ['one, while another came twice', 401, { 1: ['good'], 2: [other, other] }],
    ['one under another name', 401, { x: ['good'] }],
  ])('answers as it should where %s is good', async (_, status, signatures) => {
    expect(await deliver(signatures)).toBe(status);
  });
});

describe('X', () => {
  const sampleWith = async (header: string, value: (body: Buffer) => string) => {
    const inbox = providerInbox({ provider: 'x', keys });
    const signed = inbox.sign(readVector('x').sample);
    const headers = new Map([...signed.headers].filter(([name]) => !name.startsWith('x-twitter')));
    return (await inbox.deliver({ ...signed, headers: headers.set(header, [value(signed.body)]) })).statusCode;
  };

  it('accepts the older header too, where it is signed with our secret', async () => {
    const header = 'x-twitter-webhooks-signature';
    expect(await sampleWith(header, (body) => `sha256=${hmacOf(body)}`)).toBe(200);
    expect(await sampleWith(header, (body) => `sha256=${hmacOf(body, 'other')}`)).toBe(401);
    expect(await sampleWith(header, (body) => hmacOf(body))).toBe(401);
  });

  it('signs no challenge that could be a body', async () => {
    const inbox = providerInbox({ provider: 'x', keys });
    const challenge = '{"for_user_id":"1","follow_events":[{"type":"follow"}]}';
    const query = new URLSearchParams({ crc_token: challenge });
    const request = { method: 'GET', url: '', query, headers: new Map(), body: Buffer.alloc(0) };
    const { statusCode, body } = await inbox.deliver(request);
    expect(statusCode).toBe(401);
    expect(body).not.toContain(hmacOf(challenge));
  });

  it('finds an event again that comes with others the next time, and tells apart whom it was sent for', async () => {
    const inbox = providerInbox({ provider: 'x', keys });
    const headers = { 'content-type': 'application/json' };
    const at = String(NOW);
    const follows = (user: string, ...sources: string[]) => {
      const follow_events = sources.map((id) => ({ type: 'follow', created_timestamp: at, source: { id } }));
      return inbox.sign({ headers, body: JSON.stringify({ for_user_id: user, follow_events }), events: [] });
    };
    await inbox.deliver(follows('1', '7'));
    const { body } = await inbox.deliver(follows('1', '7', '8'));
    expect(JSON.parse(body).events.map(({ status }: { status: string }) => status)).toEqual(['duplicate', 'processed']);
    expect(JSON.parse((await inbox.deliver(follows('2', '7'))).body).status).toBe('processed');
  });

  it('stores what X says of the app itself', async () => {
    const inbox = providerInbox({ provider: 'x', keys });
    const body = '{"user_event":{"revoke":{"date_time":"2026-03-01T11:00:00Z","source":{"user_id":"63046977"}}}}';
    await inbox.deliver(inbox.sign({ headers: { 'content-type': 'application/json' }, body, events: [] }));
    expect(inbox.items.map(({ event_type }) => event_type)).toEqual(['user_event']);
  });
});

describe('Zendesk', () => {
  it('refuses the secret that its documentation shows, as one to be mended', async () => {
    const known = 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==';
    const inbox = providerInbox({ provider: 'zendesk', keys: { signing: known, verification: known } });
    expect((await inbox.deliver(inbox.sign(readVector('zendesk').sample))).statusCode).toBe(503);
    expect(inbox.reports[0]?.reason).toBe('unusable_secret');
  });

  it('tells events apart by the id that is signed, whatever the header says', async () => {
    const inbox = providerInbox({ provider: 'zendesk', keys });
    const signed = inbox.sign(readVector('zendesk').sample);
    await inbox.deliver(signed);
    const headers = new Map(signed.headers).set('x-zendesk-webhook-invocation-id', ['another']);
    expect(JSON.parse((await inbox.deliver({ ...signed, headers })).body).status).toBe('duplicate');
  });
});

import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { metaItems } from '../../../lambda/providers/meta/meta-items.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

const open = (provider: ProviderName, verification = 'the-secret') =>
  providerInbox({ provider, keys: { signing: verification, verification } });
const sampleOf = (provider: ProviderName) => readVector(provider).sample;
const plain = (method: string, query = ''): SignedRequest => ({
  method,
  url: '',
  query: new URLSearchParams(query),
  headers: new Map(),
  body: Buffer.alloc(0),
});

describe('Meta', () => {
  const subscribe = (query: Record<string, string>) => plain('GET', new URLSearchParams(query).toString());
  const good = {
    'hub.mode': 'subscribe',
    'hub.challenge': '1158201444',
    'hub.verify_token': 'a-verify-token-of-your-choice',
  };

  it.each([
    ['another token', { ...good, 'hub.verify_token': 'another' }],
    ['a part of the token', { ...good, 'hub.verify_token': 'a-verify-token-of-your-choic' }],
    ['no token', { 'hub.mode': 'subscribe', 'hub.challenge': '1' }],
    ['another mode', { ...good, 'hub.mode': 'unsubscribe' }],
    ['markup for a challenge', { ...good, 'hub.challenge': '<script>alert(1)</script>' }],
    ['an endless challenge', { ...good, 'hub.challenge': '1'.repeat(257) }],
  ])('is not answered with %s', async (_, query) => {
    const { statusCode, body } = await open('meta').deliver(subscribe(query));
    expect([statusCode, JSON.parse(body).code]).toEqual([401, 'invalid_signature']);
  });

  it('is not answered with a POST that is not signed', async () => {
    const headers = new Map([['content-type', ['application/json']]]);
    const { statusCode } = await open('meta').deliver({ ...subscribe(good), method: 'POST', headers });
    expect(statusCode).toBe(401);
  });

  it.each([
    ['!'.repeat(7), false],
    ['!'.repeat(8), true],
    ['~'.repeat(256), true],
    ['~'.repeat(257), false],
    ['a verify token', false],
  ])('takes a verify token of 8 to 256 printable characters: %s', (token, isGood) => {
    expect(providers.meta().settings.verifyToken?.pattern.test(token)).toBe(isGood);
  });

  it('is answered as nothing but text', async () => {
    const { statusCode, headers, body } = await open('meta').deliver(subscribe(good));
    expect([statusCode, body]).toEqual([200, '1158201444']);
    expect(headers).toMatchObject({ 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' });
  });

  it('is not answered where no token is set, even by an empty one', async () => {
    const inbox = providerInbox({
      provider: 'meta',
      keys: { signing: 'x', verification: 'x' },
      settings: { verifyToken: '' },
    });
    expect((await inbox.deliver(subscribe({ ...good, 'hub.verify_token': '' }))).statusCode).toBe(401);
  });

  it('sends each event as a body of its own, with its own contact alone', async () => {
    const inbox = open('meta');
    await inbox.deliver(inbox.sign(sampleOf('meta')));
    const payloads = inbox.items.map(({ payload }) => JSON.parse(String(payload)));
    expect(payloads).toHaveLength(4);
    for (const { object, entry } of payloads) {
      expect([object, entry]).toEqual([
        'whatsapp_business_account',
        [{ id: '102290129340398', changes: [expect.anything()] }],
      ]);
    }
    const [first, second, third] = payloads.map(({ entry }) => entry[0].changes[0].value);
    expect(first).toMatchObject({ messages: [{ from: '4740555123' }], contacts: [{ wa_id: '4740555123' }] });
    expect(second).toMatchObject({ messages: [{ from: '4740555124' }], contacts: [{ wa_id: '4740555124' }] });
    expect(first.contacts).toHaveLength(1);
    expect(Object.keys(third)).not.toContain('messages');
  });

  it('may batch the same events in another way', async () => {
    const inbox = open('meta');
    const sample = sampleOf('meta');
    await inbox.deliver(inbox.sign(sample));
    const body = JSON.parse(sample.body);
    const reversed = { ...sample, body: JSON.stringify({ ...body, entry: body.entry.slice(1) }) };
    const answer = JSON.parse((await inbox.deliver(inbox.sign(reversed))).body);
    expect(answer.events.map(({ status }: { status: string }) => status)).toEqual(['duplicate', 'duplicate']);
  });

  it.each(['null', '{"object":"page"}', '{"object":"page","entry":[null]}', '{"entry":[{"id":"1"}]}'])(
    'is refused with what is no body of its own: %s',
    async (body) => {
      const inbox = open('meta');
      expect((await inbox.deliver(inbox.sign({ ...sampleOf('meta'), body }))).statusCode).toBe(422);
    },
  );

  it.each([
    '{"changes":[null]}',
    '{"changes":"x","messaging":7}',
    '{"changes":[],"messaging":[]}',
    '{"time":8640000000000001,"changes":[{"field":"about","value":null}]}',
    '{"changes":[{"field":"messages","value":{"messages":[null],"contacts":[null]}}]}',
    '{"changes":[{"field":"messages","value":{"statuses":[{"id":"a"}]}}]}',
    '{"time":1772366400000,"changes":[{"field":"about"}]}',
    '{"messaging":[{"message":{"mid":7}}]}',
  ])('is stored whatever its entries hold: %s', async (entry) => {
    const inbox = open('meta');
    const body = `{"object":"page","entry":[${entry}]}`;
    expect((await inbox.deliver(inbox.sign({ ...sampleOf('meta'), body }))).statusCode).toBe(200);
    expect(inbox.items).toHaveLength(1);
  });

  it('has no events in what holds no entries', () => {
    expect([undefined, null, 7, 'entry', [], {}].map(metaItems)).toEqual(Array(6).fill(undefined));
  });
});

describe('Mailgun', () => {
  const signatureOf = ({ body }: SignedRequest) => JSON.parse(body.toString()).signature;
  const withSignature = (request: SignedRequest, signature: unknown): SignedRequest => ({
    ...request,
    body: Buffer.from(JSON.stringify({ ...JSON.parse(request.body.toString()), signature })),
  });

  it('is refused without its signature, or with another', async () => {
    const inbox = open('mailgun');
    const signed = inbox.sign(sampleOf('mailgun'));
    const own = signatureOf(signed);
    const { timestamp, token, signature } = own;
    for (const given of [
      undefined,
      null,
      'x',
      [],
      {},
      { ...own, signature: undefined },
      { ...own, signature: '' },
      { ...own, signature: [signature] },
      { ...own, signature: signature.replace(/^./, (digit: string) => (digit === '0' ? '1' : '0')) },
      { ...own, token: undefined },
      { ...own, token: token.replace(/^./, (digit: string) => (digit === '0' ? '1' : '0')) },
      { ...own, timestamp: Number(timestamp) },
      { ...own, timestamp: String(Number(timestamp) + 1) },
      { ...own, timestamp: timestamp + token[0], token: token.slice(1) },
      { ...own, timestamp: timestamp.slice(0, -1), token: timestamp.slice(-1) + token },
    ]) {
      expect((await inbox.deliver(withSignature(signed, given))).statusCode).toBe(401);
    }
    expect(inbox.items).toEqual([]);
    expect((await inbox.deliver(withSignature(signed, own))).statusCode).toBe(200);
  });

  it.each([49, 51])('is refused with a token of %d characters, though it be signed', async (length) => {
    const inbox = open('mailgun');
    const [timestamp, token] = [String(Math.floor(NOW / 1000)), 'a'.repeat(length)];
    const signature = createHmac('sha256', 'the-secret')
      .update(timestamp + token)
      .digest('hex');
    const signed = withSignature(inbox.sign(sampleOf('mailgun')), { timestamp, token, signature });
    expect((await inbox.deliver(signed)).statusCode).toBe(401);
  });

  it.each(['', '[]', 'null', '{', '{"signature":{"signature":"x"}}'])(
    'is refused with what is no body: %s',
    async (body) => {
      const inbox = open('mailgun');
      const signed = inbox.sign(sampleOf('mailgun'));
      expect((await inbox.deliver({ ...signed, body: Buffer.from(body) })).statusCode).toBe(401);
    },
  );
});

describe('Zoom', () => {
  const validation = (plainToken: unknown) => ({
    ...sampleOf('zoom'),
    body: JSON.stringify({ event: 'endpoint.url_validation', payload: { plainToken }, event_ts: NOW }),
  });

  it.each([
    ['what it signs webhooks over', `v0:${Math.floor(NOW / 1000)}:{"event":"user.created"}`],
    ['a long text', 'a'.repeat(65)],
    ['nothing', ''],
    ['no text', 7],
  ])('is not given a signature over %s', async (_, plainToken) => {
    const inbox = open('zoom');
    const { body } = await inbox.deliver(inbox.sign(validation(plainToken)));
    expect(body).not.toContain('encryptedToken');
  });

  it('is given none before its own signature holds', async () => {
    const inbox = open('zoom');
    const { statusCode, body } = await inbox.deliver(inbox.sign(validation('abc'), 'another-secret'));
    expect([statusCode, JSON.parse(body).code]).toEqual([401, 'invalid_signature']);
  });

  it('sends recordings again with other download tokens', async () => {
    const inbox = open('zoom');
    const [recording] = readVector('zoom').variants ?? [];
    if (!recording) throw new Error('no recording');
    await inbox.deliver(inbox.sign(recording));
    const again = { ...recording, body: recording.body.replace('rec/download/x', 'rec/download/y') };
    expect(JSON.parse((await inbox.deliver(inbox.sign(again))).body).status).toBe('duplicate');
  });
});

describe('Intercom', () => {
  it('is answered to HEAD, and to no GET', async () => {
    expect(providers.intercom().methods).toEqual(['POST', 'HEAD']);
    expect((await open('intercom').deliver(plain('HEAD'))).statusCode).toBe(200);
    expect((await open('intercom').deliver(plain('GET'))).statusCode).toBe(404);
  });

  it('counts its attempts in the body', async () => {
    for (const request of [sampleOf('intercom'), ...(readVector('intercom').variants ?? [])]) {
      const inbox = open('intercom');
      await inbox.deliver(inbox.sign(request));
      const again = { ...request, body: request.body.replace('"delivery_attempts":1', '"delivery_attempts":2') };
      expect(again.body).not.toBe(request.body);
      expect(JSON.parse((await inbox.deliver(inbox.sign(again))).body).status).toBe('duplicate');
    }
  });
});

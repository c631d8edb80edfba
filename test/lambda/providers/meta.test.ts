import { describe, expect, it } from '@jest/globals';
import { meta } from '../../../lambda/providers/meta/meta.ts';
import { metaItems } from '../../../lambda/providers/meta/meta-items.ts';
import { type ProviderInboxOptions, providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, sharedKeys, statusesOf, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('meta');
const open = (options: Partial<ProviderInboxOptions> = {}) =>
  providerInbox({ provider: 'meta', keys: sharedKeys('the-secret'), ...options });

describe('The handshake of a Meta source', () => {
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
    ['markup as its challenge', { ...good, 'hub.challenge': '<script>alert(1)</script>' }],
    ['a challenge of 257 characters', { ...good, 'hub.challenge': '1'.repeat(257) }],
  ])('is rejected with %s', async (_, query) => {
    const { statusCode, body } = await open().deliver(bodiless('GET', query));
    expect([statusCode, JSON.parse(body).code]).toEqual([401, 'invalid_signature']);
  });

  it('is rejected as a POST that is not signed', async () => {
    const headers = new Map([['content-type', ['application/json']]]);
    expect(await statusOf(open().deliver({ ...bodiless('POST', good), headers }))).toBe(401);
  });

  it('is rejected where no token is set, even with an empty one', async () => {
    const inbox = open({ settings: { verifyToken: '' } });
    expect(await statusOf(inbox.deliver(bodiless('GET', { ...good, 'hub.verify_token': '' })))).toBe(401);
  });

  it('is answered as nothing but text', async () => {
    const { statusCode, headers, body } = await open().deliver(bodiless('GET', good));
    expect([statusCode, body]).toEqual([200, '1158201444']);
    expect(headers).toMatchObject({ 'Content-Type': 'text/plain', 'X-Content-Type-Options': 'nosniff' });
  });

  it.each([
    ['!'.repeat(7), false],
    ['!'.repeat(8), true],
    ['~'.repeat(256), true],
    ['~'.repeat(257), false],
    ['a verify token', false],
  ])('takes a verify token of 8 to 256 printable characters: %s', (token, isGood) => {
    expect(meta().settings.verifyToken?.pattern.test(token)).toBe(isGood);
  });
});

describe('A Meta source', () => {
  it('stores each event of a body as a body of its own, with its own contact alone', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(sample));
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

  it('recognises events that come in another batch the next time', async () => {
    const inbox = open();
    await inbox.deliver(inbox.sign(sample));
    const body = JSON.parse(sample.body);
    const fewer = { ...sample, body: JSON.stringify({ ...body, entry: body.entry.slice(1) }) };
    expect(await statusesOf(inbox.deliver(inbox.sign(fewer)))).toEqual(['duplicate', 'duplicate']);
  });

  it.each(['null', '{"object":"page"}', '{"object":"page","entry":[null]}', '{"entry":[{"id":"1"}]}'])(
    "rejects %s, which is no body of Meta's",
    async (body) => {
      const inbox = open();
      expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe(422);
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
  ])('stores an entry whatever it holds: %s', async (entry) => {
    const inbox = open();
    const body = `{"object":"page","entry":[${entry}]}`;
    expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe(200);
    expect(inbox.items).toHaveLength(1);
  });

  it('finds no events in a body without entries', () => {
    expect([undefined, null, 7, 'entry', [], {}].map(metaItems)).toEqual(Array(6).fill(undefined));
  });
});

import { constants, createPrivateKey, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodePayload } from '../../../../lambda/payloads/decode-payload.ts';
import { custom } from '../../../../lambda/providers/custom/custom.ts';
import type { CustomDefinition, CustomEvent } from '../../../../lambda/providers/custom/custom-definition.ts';
import type { SigningKeys } from '../../../../lambda/signature/scheme.ts';
import { customDefinitions } from '../../../../samples/custom-definitions.ts';
import { plainContext, plainRequest } from '../../../support/plain-request.ts';
import { NOW, providerInbox } from '../../../support/provider-inbox.ts';
import { sharedKeys } from '../../../support/provider-requests.ts';

const SIGNATURE: CustomDefinition['signature'] = { algorithm: 'hmac-sha256', header: 'X-Signature' };
const SECRET = 'a-secret-of-thirty-two-characters';

interface Sent {
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The inbox of a custom source after one delivery, and the response. */
async function deliver(definition: CustomDefinition, { body, headers }: Sent, keys: SigningKeys = sharedKeys(SECRET)) {
  const inbox = providerInbox({ provider: 'generic', definition, keys });
  const sent = { headers: { 'content-type': 'application/json', ...headers }, body, events: [] };
  const { statusCode, body: answer, headers: answered } = await inbox.deliver(inbox.sign(sent));
  return { ...inbox, statusCode, answer, answered };
}

const read = (event: CustomEvent, sent: Sent) => deliver({ signature: SIGNATURE, event }, sent);

describe('The id of a custom event', () => {
  it.each([
    ['/id', '{"id":"a"}', 'a'],
    ['/id', '{"id":7}', '7'],
    ['/id', '{"id":12345678901234567890}', '12345678901234567890'],
    ['/data/0/id', '{"data":[{"id":"a"}]}', 'a'],
  ])('is the value at %s in %s', async (pointer, body, id) => {
    const { items } = await read({ id: { pointer } }, { body });
    expect(items.map(({ event_id }) => event_id)).toEqual([id]);
  });

  it.each(['{}', '{"id":null}', '{"id":""}', '{"id":{}}', '{"id":true}', '[]', '"id"'])(
    'makes the event invalid if it is missing in %s',
    async (body) => {
      const { statusCode, items, quarantined } = await read({ id: { pointer: '/id' } }, { body });
      expect([statusCode, items, quarantined]).toEqual([422, [], []]);
    },
  );

  it('is of several values, each of which must be there', async () => {
    const id = [{ pointer: '/account' }, { header: 'X-Id' }];
    const { items } = await read({ id }, { body: '{"account":7}', headers: { 'x-id': 'a' } });
    expect(items.map(({ event_id }) => event_id)).toEqual(['7:a']);
    expect((await read({ id }, { body: '{"account":7}' })).statusCode).toBe(422);
    expect((await read({ id }, { body: '{}', headers: { 'x-id': 'a' } })).statusCode).toBe(422);
  });

  it('differs between events whose values differ only in where a colon belongs', async () => {
    const id = [{ pointer: '/account' }, { pointer: '/id' }];
    const first = await read({ id }, { body: '{"account":"a:b","id":"c"}' });
    const second = await read({ id }, { body: '{"account":"a","id":"b:c"}' });
    expect(second.items.map(({ event_id }) => event_id)).toEqual(['a:b:c']);
    expect(first.items.map(({ event_id }) => event_id)).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
  });

  it('may be a hash of the body', async () => {
    const { items } = await read({ id: { hash: 'body' } }, { body: '{}' });
    expect(items[0]?.event_id).toMatch(/^[0-9a-f]{64}$/);
  });
});

describe('The values of a custom event', () => {
  it.each([
    ['seconds', 1_772_366_400],
    ['seconds', '1772366400'],
    ['seconds', 1_772_366_400.9],
    ['milliseconds', 1_772_366_400_000],
    ['iso', '2026-03-01T13:00:00+01:00'],
  ] as const)('has its time in %s: %j', async (format, at) => {
    const event: CustomEvent = { id: { pointer: '/id' }, time: { pointer: '/at', format } };
    const { items } = await read(event, { body: JSON.stringify({ id: 'a', at }) });
    expect(items[0]?.occurred_at?.slice(0, 19)).toBe('2026-03-01T12:00:00');
  });

  it.each([null, true, [], 'soon', -1, 1e300, '1e5'])('is an event without a time if that is %j', async (at) => {
    const event: CustomEvent = { id: { pointer: '/id' }, time: { pointer: '/at', format: 'seconds' } };
    const { statusCode, items } = await read(event, { body: JSON.stringify({ id: 'a', at }) });
    expect([statusCode, items[0]?.occurred_at]).toEqual([200, undefined]);
  });

  it('is invalid if its signed time is older than the retention, and nothing else bounds its replay', async () => {
    const event: CustomEvent = { id: { pointer: '/id' }, time: { pointer: '/at', format: 'milliseconds' } };
    const body = JSON.stringify({ id: 'a', at: NOW - 31 * 24 * 3600 * 1000 });
    expect((await read(event, { body })).statusCode).toBe(422);
    const timed = customDefinitions.slack.signature;
    expect((await deliver({ signature: timed, event }, { body })).statusCode).toBe(200);
  });

  it('has the data of the given types, and no others', async () => {
    const data: CustomEvent['data'] = {
      text: { pointer: '/text' },
      whole: { pointer: '/whole', type: 'integer' },
      number: { pointer: '/number', type: 'number' },
      flag: { pointer: '/flag', type: 'boolean' },
      topic: { header: 'X-Topic' },
    };
    const event: CustomEvent = { id: { pointer: '/id' }, data };
    const good = { id: 'a', text: 't', whole: 7, number: 1.5, flag: false };
    const { items } = await read(event, { body: JSON.stringify(good), headers: { 'x-topic': 'paid' } });
    expect(items[0]?.data).toEqual({ text: 't', whole: 7, number: 1.5, flag: false, topic: 'paid' });
    const odd = { id: 'a', text: 't'.repeat(2_000), whole: 1.5, number: 1e300, flag: 'true' };
    expect((await read(event, { body: JSON.stringify(odd) })).items[0]?.data).toEqual({});
  });

  it('joins the parts of a type that are there', async () => {
    const event: CustomEvent = { id: { pointer: '/id' }, type: [{ header: 'X-Topic' }, { pointer: '/action' }] };
    const { items } = await read(event, { body: '{"id":"a","action":"opened"}', headers: { 'x-topic': 'issue' } });
    expect(items[0]?.event_type).toBe('issue.opened');
    expect((await read(event, { body: '{"id":"a"}' })).items[0]?.event_type).toBeUndefined();
  });
});

describe('The body of a custom source', () => {
  it('may hold several events, each stored by itself with every number as it was sent', async () => {
    const event: CustomEvent = { id: { pointer: '/id' }, batch: '/events' };
    const { items } = await read(event, { body: '{"events":[{"id":"a","sum":12.10},{"id":98765432109876543210}]}' });
    expect(items.map((item) => [item.event_id, String(decodePayload(item))])).toEqual([
      ['a', '{"id":"a","sum":12.10}'],
      ['98765432109876543210', '{"id":98765432109876543210}'],
    ]);
  });

  it('may be a form, or JSON in a field of a form', async () => {
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    const contentTypes = [headers['content-type']];
    const plain = await read({ id: { pointer: '/id' }, contentTypes }, { body: 'id=a&x=1', headers });
    expect(plain.items.map(({ event_id }) => event_id)).toEqual(['a']);
    const event: CustomEvent = { id: { pointer: '/id' }, contentTypes, formField: 'payload' };
    const json = await read(event, { body: `payload=${encodeURIComponent('{"id":"b"}')}`, headers });
    expect(json.items.map(({ event_id }) => event_id)).toEqual(['b']);
    expect((await read(event, { body: 'id=b', headers })).statusCode).toBe(400);
  });

  it('is answered 415 in another type than the definition has', async () => {
    const { statusCode } = await read(
      { id: { pointer: '/id' } },
      { body: 'a', headers: { 'content-type': 'text/plain' } },
    );
    expect(statusCode).toBe(415);
  });

  it('is a conflict under a stored id if its events never change', async () => {
    for (const [immutable, status] of [
      [true, 409],
      [false, 200],
    ] as const) {
      const definition: CustomDefinition = { signature: SIGNATURE, event: { id: { pointer: '/id' }, immutable } };
      const inbox = providerInbox({ provider: 'generic', definition, keys: sharedKeys(SECRET) });
      const sent = (body: string) => inbox.sign({ headers: { 'content-type': 'application/json' }, body, events: [] });
      await inbox.deliver(sent('{"id":"a"}'));
      expect((await inbox.deliver(sent('{"id":"a","x":1}'))).statusCode).toBe(status);
    }
  });

  it('is rejected with the paths and expectations of its schema, and without its values', async () => {
    const event: CustomEvent = {
      id: { pointer: '/id' },
      schema: {
        type: 'object',
        required: ['sum'],
        properties: { sum: { type: 'integer', minimum: 1 }, unit: { enum: ['EUR'] } },
      },
    };
    const { statusCode, answer } = await read(event, { body: '{"id":"a","sum":0,"unit":"private"}' });
    expect(statusCode).toBe(422);
    expect(JSON.parse(answer).errors).toEqual([
      { path: 'sum', expected: 'at least 1' },
      { path: 'unit', expected: 'one of ["EUR"]' },
    ]);
  });

  it('is acknowledged as the definition says', async () => {
    const acknowledgement = { status: 202, contentType: 'text/xml', body: '<Response/>' };
    const { statusCode, answer, answered } = await deliver(
      { signature: SIGNATURE, event: { id: { pointer: '/id' } }, acknowledgement },
      { body: '{"id":"a"}' },
    );
    expect([statusCode, answer, answered?.['Content-Type']]).toEqual([202, '<Response/>', 'text/xml']);
  });

  it('may hold its token anywhere in the body', async () => {
    const signature = { algorithm: 'token', pointer: '/auth/token' } as const;
    const definition = { signature, event: { id: { pointer: '/id' } } };
    const sent = await deliver(definition, { body: '{"id":"a"}' });
    expect([sent.statusCode, sent.items.map(({ event_id }) => event_id)]).toEqual([200, ['a']]);
    const inbox = providerInbox({ provider: 'generic', definition, keys: sharedKeys(SECRET) });
    const forged = { 'content-type': 'application/json' };
    for (const body of ['{"id":"a"}', '{"id":"a","auth":{"token":"x"}}', `{"id":"a","token":"${SECRET}"}`]) {
      expect((await inbox.deliver(plainRequest(body, forged))).statusCode).toBe(401);
    }
  });

  it('keeps no token that its items hold', async () => {
    const { items } = await deliver(customDefinitions['microsoft-graph'], { body: '{"value":[{"id":"a","x":1}]}' });
    expect(items.map((item) => String(decodePayload(item)))).toEqual(['{"id":"a","x":1}']);
  });
});

describe('A handshake of a custom source', () => {
  const challengeIn = (handshake: NonNullable<CustomDefinition['handshakes']>[number]): CustomDefinition => ({
    signature: SIGNATURE,
    event: { id: { pointer: '/id' } },
    handshakes: [handshake],
  });

  it('without a condition differs from an event, which has other fields', async () => {
    const definition = challengeIn({
      method: 'POST',
      challenge: { pointer: '/challenge' },
      answer: { json: { challenge: '{challenge}' } },
    });
    const handshake = await deliver(definition, { body: '{"challenge":"abc"}' });
    expect([handshake.answer, handshake.items]).toEqual(['{"challenge":"abc"}', []]);
    const event = await deliver(definition, { body: '{"challenge":"abc","id":"a"}' });
    expect(event.items).toHaveLength(1);
  });

  it.each(['<script>', 'a'.repeat(1_025), '{"id":"a"}', '\u2028'])('never sends %j back', async (challenge) => {
    const inbox = providerInbox({ provider: 'generic', definition: customDefinitions.x, keys: sharedKeys(SECRET) });
    const query = new URLSearchParams({ crc_token: challenge });
    const { statusCode } = await inbox.deliver({ ...plainRequest(''), method: 'GET', query });
    expect(statusCode).not.toBe(200);
  });

  it('sends back a challenge of up to 1,024 characters that comes once', async () => {
    const inbox = providerInbox({ provider: 'generic', definition: customDefinitions.x, keys: sharedKeys(SECRET) });
    const statusOf = async (...challenges: readonly string[]) => {
      const query = new URLSearchParams(challenges.map((each): [string, string] => ['crc_token', each]));
      return (await inbox.deliver({ ...plainRequest(''), method: 'GET', query })).statusCode;
    };
    expect(await statusOf('a'.repeat(1_024))).toBe(200);
    expect(await statusOf('a', 'a')).not.toBe(200);
    expect(await statusOf()).not.toBe(200);
  });

  it('hands out a secret in a body of 1,024 bytes', async () => {
    const inbox = providerInbox({ provider: 'notion', definition: customDefinitions.notion, keys: sharedKeys(SECRET) });
    const body = '{"verification_token":"a-secret-of-24-letters__"}'.padEnd(1_024);
    expect((await inbox.deliver(plainRequest(body, { 'content-type': 'application/json' }))).statusCode).toBe(200);
  });

  it.each([
    ['with another field', '{"verification_token":"a-secret-of-24-letters__","id":"a"}'],
    ['of 1,025 bytes', `{"verification_token":"a-secret-of-24-letters__"${' '.repeat(1_000)}}`],
    ['that is short', '{"verification_token":"a-secret"}'],
    ['of another type', '{"verification_token":["a-secret-of-24-letters__"]}'],
  ])('hands out no secret in a body %s', async (_, body) => {
    const inbox = providerInbox({ provider: 'notion', definition: customDefinitions.notion, keys: sharedKeys(SECRET) });
    expect((await inbox.deliver(plainRequest(body, { 'content-type': 'application/json' }))).statusCode).toBe(401);
  });

  it('never gives a signature that counts for an event', async () => {
    const inbox = providerInbox({ provider: 'generic', definition: customDefinitions.x, keys: sharedKeys(SECRET) });
    for (const body of ['7', 'true', 'null', 'abc']) {
      const query = new URLSearchParams({ crc_token: body });
      const { body: answer } = await inbox.deliver({ ...plainRequest(''), method: 'GET', query });
      const signature: string = JSON.parse(answer).response_token;
      const forged = plainRequest(body, {
        'content-type': 'application/json',
        'x-twitter-webhooks-signature': signature,
      });
      expect((await inbox.deliver(forged)).statusCode).toBe(401);
    }
  });
});

const ID = { id: { pointer: '/id' } };

/** Signatures that no built-in provider has in this way. */
const OTHERS: readonly (readonly [string, CustomDefinition['signature']])[] = [
  ['RSA', { algorithm: 'rsa-sha256', header: 'X-Signature', encoding: 'base64' }],
  [
    'RSA with PSS, over a time',
    {
      algorithm: 'rsa-sha256',
      header: 'X-Signature',
      padding: 'pss',
      timestamp: { header: 'X-Time' },
      content: '{timestamp}.{body}',
    },
  ],
  [
    'an RS256 token',
    { algorithm: 'jwt', jws: 'RS256', header: 'X-Token', bodyHash: { claim: 'sha256' }, toleranceSeconds: 60 },
  ],
  [
    'an ES256 token that expires',
    {
      algorithm: 'jwt',
      jws: 'ES256',
      header: 'X-Token',
      bodyHash: { claim: 'sha256', encoding: 'base64url' },
      urlHash: { claim: 'url_sha256' },
      audience: 'harbor',
      lifetimeSeconds: 60,
    },
  ],
  [
    'an ES256 token with a key set',
    {
      algorithm: 'jwt',
      jws: 'ES256',
      header: 'X-Token',
      keySetUrl: 'https://keys.harbor.example/jwks',
      audience: 'harbor',
      bodyHash: { claim: 'sha256' },
      lifetimeSeconds: 60,
    },
  ],
];

describe.each(OTHERS)('A custom source with %s', (_, signature) => {
  const definition = { signature, event: ID };
  const keys = custom(definition).signature.generateKeys();
  const open = () => providerInbox({ provider: 'generic', definition, keys });
  const sent = { headers: { 'content-type': 'application/json' }, body: '{"id":"a"}', events: [] };
  const [name = ''] = [...open().sign(sent).headers.keys()].filter((header) => header.startsWith('x-'));

  it('accepts what it signs', async () => {
    const inbox = open();
    expect((await inbox.deliver(inbox.sign(sent))).statusCode).toBe(200);
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual(['a']);
  });

  it('refuses another key, another body, another signature, none and two', async () => {
    const inbox = open();
    const signed = inbox.sign(sent);
    const [value = ''] = signed.headers.get(name) ?? [];
    const other = custom(definition).signature.generateKeys().signing;
    const forged = [
      inbox.sign(sent, other),
      { ...signed, body: Buffer.from('{"id":"b"}') },
      ...[[`${value}A`], [value.slice(1)], [], [value, value]].map((values) => {
        return { ...signed, headers: new Map([...signed.headers, [name, values]]) };
      }),
    ];
    for (const request of forged) expect((await inbox.deliver(request)).statusCode).toBe(401);
    expect(inbox.items).toEqual([]);
  });

  it('refuses a request after the time that it is valid for', async () => {
    const inbox = open();
    const { toleranceSeconds } = inbox.provider.signature;
    const signed = inbox.sign(sent);
    inbox.clock.now += ((toleranceSeconds ?? 0) + 1) * 1000;
    expect((await inbox.deliver(signed)).statusCode).toBe(toleranceSeconds === undefined ? 200 : 401);
  });
});

describe('The place of a token of a custom source', () => {
  it.each<[string, CustomDefinition['signature'], boolean]>([
    ['the body, which is read first', { algorithm: 'token', pointer: '/token' }, true],
    ['the query string', { algorithm: 'token', query: 'token' }, false],
    ['a header', { algorithm: 'token', header: 'X-Token' }, false],
    ['a header, after a prefix', { algorithm: 'token', header: 'X-Token', prefix: 'Token ' }, false],
  ])('may be %s', async (_, signature, readsBody) => {
    const scheme = custom({ signature, event: ID }).signature;
    const sign = (key: string) => scheme.sign(plainRequest('{"id":"a"}'), { ...plainContext, key });
    const verdict = (key: string) => scheme.verify(sign(key), { ...plainContext, secret: SECRET });
    expect([await verdict(SECRET), await verdict(`${SECRET}x`)]).toEqual(['valid', 'mismatch']);
    expect(await scheme.verify(plainRequest('{"id":"a"}'), { ...plainContext, secret: SECRET })).toBe('missing');
    expect(scheme.readsBody?.(new Map()) ?? false).toBe(readsBody);
  });
});

describe('A signature of a custom source', () => {
  const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

  it.each([
    ['PKCS #1 v1.5 if the definition names none', {}, {}],
    ['PSS if the definition names that', { padding: 'pss' }, PSS],
  ] as const)('with RSA has the padding of %s', async (_, more, padding) => {
    const definition = { algorithm: 'rsa-sha256', header: 'X-Signature', ...more } as const;
    const { signature: scheme } = custom({ signature: definition, event: ID });
    const { signing, verification } = scheme.generateKeys();
    const signature = sign('sha256', Buffer.from('{}'), { key: createPrivateKey(signing), ...padding }).toString('hex');
    const request = plainRequest('{}', { 'x-signature': signature });
    expect(await scheme.verify(request, { ...plainContext, secret: verification })).toBe('valid');
  });

  it('counts for a body that begins with white space, also if a handshake is signed with the same key', async () => {
    const { statusCode } = await deliver(customDefinitions.x, { body: '\n {"id":"a"}' });
    expect(statusCode).toBe(200);
  });

  it.each([NOW, String(NOW), 'soon'])('may cover a time in the body, as a number or as text: %j', async (at) => {
    const timestamp = { pointer: '/at', format: 'milliseconds' } as const;
    const definition: CustomDefinition = { signature: { ...SIGNATURE, timestamp }, event: ID };
    const { statusCode } = await deliver(definition, { body: JSON.stringify({ id: 'a', at }) });
    expect(statusCode).toBe(at === 'soon' ? 401 : 200);
  });
});

describe('A token of a custom source', () => {
  const claims = { issuer: 'https://harbor.example', audience: 'inbox', claims: { tenant: 'a', verified: true } };
  const signature = {
    algorithm: 'jwt',
    header: 'X-Token',
    bodyHash: { claim: 'sha256' },
    urlHash: { claim: 'url_sha256' },
  } as const;

  it.each([
    [200, 60],
    [401, 61],
  ])('has the status %d if it was issued %d s ago, and the definition allows 60 s', async (status, seconds) => {
    const definition = { signature: { ...signature, toleranceSeconds: 60 }, event: ID };
    const inbox = providerInbox({ provider: 'generic', definition, keys: sharedKeys(SECRET) });
    const signed = inbox.sign({ headers: { 'content-type': 'application/json' }, body: '{"id":"a"}', events: [] });
    inbox.clock.now = Math.floor(inbox.clock.now / 1000 + seconds) * 1000;
    expect((await inbox.deliver(signed)).statusCode).toBe(status);
  });

  it.each([
    ['issuer', { issuer: 'https://other.example' }],
    ['audience', { audience: 'other' }],
    ['text claim', { claims: { tenant: 'b', verified: true } }],
    ['boolean claim', { claims: { tenant: 'a', verified: false } }],
    ['hash of the body', { bodyHash: { claim: 'other' } }],
    ['hash of the URL', { urlHash: { claim: 'other' } }],
  ])('is refused with another %s', async (_, change) => {
    const expected = { signature: { ...signature, ...claims }, event: ID };
    const inbox = providerInbox({ provider: 'generic', definition: expected, keys: sharedKeys(SECRET) });
    const other = custom({ signature: { ...signature, ...claims, ...change }, event: ID }).signature;
    const request = {
      ...plainRequest('{"id":"a"}', { 'content-type': 'application/json' }),
      url: 'https://hooks.example.com/webhooks/generic',
    };
    const signing = { key: SECRET, now: NOW, settings: {} };
    expect((await inbox.deliver(other.sign(request, signing))).statusCode).toBe(401);
    expect((await inbox.deliver(custom(expected).signature.sign(request, signing))).statusCode).toBe(200);
  });

  it('with another algorithm than that of the definition is refused', async () => {
    const rsa = custom({ signature: { ...signature, algorithm: 'jwt', jws: 'RS256' }, event: ID }).signature;
    const { verification } = rsa.generateKeys();
    const hmac = custom({ signature, event: ID }).signature;
    const request = plainRequest('{"id":"a"}', { 'content-type': 'application/json' });
    const forged = hmac.sign(request, { key: verification, now: NOW, settings: {} });
    expect(await rsa.verify(forged, { ...plainContext, now: NOW, secret: verification })).not.toBe('valid');
    expect(await hmac.verify(forged, { ...plainContext, now: NOW, secret: verification })).toBe('unusable_secret');
  });
});

describe('The secret of a custom source', () => {
  it.each([
    [{ ...SIGNATURE, key: 'hex' }, 'no hex'],
    [{ ...SIGNATURE, key: 'base64' }, 'no base64!'],
    [{ ...SIGNATURE, key: 'whsec_' }, 'whsec_'],
    [{ algorithm: 'ed25519', header: 'X-Signature', key: 'hex' }, 'abcd'],
    [{ algorithm: 'ecdsa-p256', header: 'X-Signature' }, 'no PEM'],
    [{ algorithm: 'rsa-sha256', header: 'X-Signature' }, 'no PEM'],
  ] as readonly (readonly [CustomDefinition['signature'], string])[])(
    'in another form than %j is unusable',
    async (signature, secret) => {
      const { signature: scheme } = custom({ signature, event: { id: { pointer: '/id' } } });
      const [digest, both] = ['ab'.repeat(32), 'ab'.repeat(64)];
      const sent =
        signature.algorithm === 'ed25519' ? both : signature.algorithm === 'ecdsa-p256' ? `30${digest}` : digest;
      const request = plainRequest('{}', { 'x-signature': sent });
      expect(await scheme.verify(request, { ...plainContext, secret })).toBe('unusable_secret');
    },
  );
});

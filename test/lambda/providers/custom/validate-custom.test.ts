import { describe, expect, it } from '@jest/globals';
import { custom } from '../../../../lambda/providers/custom/custom.ts';
import type { CustomDefinition } from '../../../../lambda/providers/custom/custom-definition.ts';
import { validateCustom } from '../../../../lambda/providers/custom/validate-custom.ts';
import { customDefinitions } from '../../../../samples/custom-definitions.ts';

const BODY_SIGNED = { algorithm: 'hmac-sha256', header: 'X-Signature' };
const BY_ID = { id: { pointer: '/id' } };

const withSignature = (signature: object) => ({ signature, event: BY_ID });
const hmac = (more: object) => withSignature({ ...BODY_SIGNED, ...more });
const withEvent = (event: object) => ({ signature: BODY_SIGNED, event });
const withHandshake = (handshake: object, more: object = {}) => ({
  signature: { ...BODY_SIGNED, ...more },
  event: BY_ID,
  handshakes: [handshake],
});

const FORM = 'application/x-www-form-urlencoded';
const TIME = { header: 'X-Time' };
const IN_BODY = {
  algorithm: 'hmac-sha256',
  pointer: '/sig/hex',
  timestamp: { pointer: '/sig/time' },
  id: { pointer: '/sig/id' },
  content: '{timestamp}{id}',
};

const jwt = (more: object) => withSignature({ algorithm: 'jwt', jws: 'RS256', header: 'Authorization', ...more });
const keySet = (keySetUrl: string) => jwt({ audience: 'harbor', keySetUrl });

/** URLs that a function must not fetch keys from. */
const PRIVATE_URLS = [
  'http://keys.harbor.example/jwks',
  'https://keys.harbor.example:8443/jwks',
  'https://user:password@keys.harbor.example/jwks',
  'https://keys.harbor.example/jwks#key',
  'https://127.0.0.1/jwks',
  'https://0x7f.1/jwks',
  'https://2130706433/jwks',
  'https://169.254.169.254/latest/meta-data',
  'https://[::1]/jwks',
  'https://[::ffff:169.254.169.254]/jwks',
  'https://localhost/jwks',
  'https://keys.localhost/jwks',
  'https://metadata.google.internal/jwks',
  'https://keys.harbor.local/jwks',
  'https://keys.harbor.example./jwks',
  'https://keys.harbor.example\\@127.0.0.1/jwks',
  ' https://keys.harbor.example/jwks',
  'https://keys.harbor.example/jw\nks',
  'file:///etc/passwd',
  'keys.harbor.example',
];

/** Nested deeper than an event may be. */
const deepSchema = (depth: number): object => (depth === 0 ? {} : { items: deepSchema(depth - 1) });

/** Each definition has one fault, and its message says what to write instead. */
const FAULTS: readonly (readonly [name: string, definition: unknown, message: RegExp])[] = [
  ['is no object', 7, /^custom: must be an object/],
  ['has no signature', { event: BY_ID }, /^signature: is required/],
  ['has no event', { signature: BODY_SIGNED }, /^event: is required/],
  [
    'has a field that there is not',
    { ...hmac({}), secret: 'x' },
    /^secret: there is no such field here; the fields are title,/,
  ],
  ['has no algorithm', withSignature({ header: 'X' }), /^signature\.algorithm: is required/],
  [
    'has an unknown algorithm',
    withSignature({ algorithm: 'md5', header: 'X' }),
    /^signature\.algorithm: .*"md5"; use "hmac-sha256"/,
  ],
  ['has no place of the signature', withSignature({ algorithm: 'hmac-sha256' }), /^signature\.header: is required/],
  [
    'has a header that is no token',
    hmac({ header: 'X Signature' }),
    /^signature\.header: is not the name of a header; use 1 to 100 letters/,
  ],
  ['has a list of no headers', hmac({ header: [] }), /^signature\.header: must be a list of 1 to 10/],
  ['has a header twice', hmac({ header: ['X-A', 'x-a'] }), /^signature\.header: "x-a" is named twice/],
  [
    'has the time in the header of the signature',
    hmac({ timestamp: { header: 'x-signature' }, content: '{timestamp}.{body}' }),
    /named twice/,
  ],
  [
    'has an encoding that there is not',
    hmac({ encoding: 'base32' }),
    /^signature\.encoding: .*"base32"; use "hex", "base64", "base64url"/,
  ],
  [
    'has a key form of an HMAC for Ed25519',
    withSignature({ algorithm: 'ed25519', header: 'X', key: 'whsec_' }),
    /^signature\.key: an Ed25519 key cannot be "whsec_"; use "hex", "base64", "pem"/,
  ],
  [
    'has a key form of Ed25519 for an HMAC',
    hmac({ key: 'pem' }),
    /^signature\.key: the key of an HMAC cannot be "pem"; use "text", "hex"/,
  ],
  [
    'has a prefix that no header can hold',
    hmac({ prefix: 'sha256=\r\n' }),
    /^signature\.prefix: must be printable ASCII/,
  ],
  [
    'has an unknown placeholder',
    hmac({ content: '{ts}.{body}' }),
    /^signature\.content: "\{ts\}" is no placeholder; use \{body\}/,
  ],
  ['has an open brace', hmac({ content: '{body' }), /^signature\.content: has "\{" without the "\}"/],
  ['signs no body', hmac({ content: 'v0', timestamp: undefined }), /^signature\.content: has no \{body\}/],
  ['signs the body twice', hmac({ content: '{body}.{body}' }), /^signature\.content: has \{body\} more than once/],
  [
    'signs a time that it does not have',
    hmac({ content: '{timestamp}.{body}' }),
    /\{timestamp\} needs signature\.timestamp/,
  ],
  [
    'has a time that it does not sign',
    hmac({ timestamp: TIME }),
    /^signature\.content: has no \{timestamp\}, so signature\.timestamp is not signed/,
  ],
  ['signs an id that it does not have', hmac({ content: '{id}.{body}' }), /\{id\} needs signature\.id/],
  [
    'has an id that it does not sign',
    hmac({ id: { header: 'X-Id' } }),
    /has no \{id\}, so signature\.id is not signed/,
  ],
  [
    'has a time in the body in the template',
    hmac({ content: '{timestamp}.{body}', timestamp: { pointer: '/at' } }),
    /\{timestamp\} is in the body/,
  ],
  [
    'has nothing between the id and the body',
    hmac({ content: '{id}{body}', id: { header: 'X-Id' } }),
    /nothing separates \{id\} from what is next to it/,
  ],
  [
    'has nothing between a header and the URL',
    hmac({ content: '{header:X-A}{url}.{body}' }),
    /nothing separates \{header:x-a\}/,
  ],
  [
    'has a tolerance of 0',
    hmac({ timestamp: { ...TIME, toleranceSeconds: 0 }, content: '{timestamp}.{body}' }),
    /^signature\.timestamp\.toleranceSeconds: must be a whole number from 1 to 604800/,
  ],
  [
    'has a tolerance above a week',
    hmac({ timestamp: { ...TIME, toleranceSeconds: 604_801 }, content: '{timestamp}.{body}' }),
    /from 1 to 604800/,
  ],
  [
    'has a time without a place',
    hmac({ timestamp: { format: 'seconds' }, content: '{timestamp}.{body}' }),
    /^signature\.timestamp: needs a place/,
  ],
  [
    'has an unknown format of the time',
    hmac({ timestamp: { ...TIME, format: 's' }, content: '{timestamp}.{body}' }),
    /^signature\.timestamp\.format: a time cannot be "s"; use "seconds"/,
  ],
  [
    'has a part for the time, but no separator',
    hmac({ prefix: 'v1=', timestamp: { prefix: 't=' }, content: '{timestamp}.{body}' }),
    /^signature\.separator: is needed/,
  ],
  [
    'has a signature that looks like the time',
    hmac({ separator: ',', timestamp: { prefix: 't=' }, content: '{timestamp}.{body}' }),
    /^signature\.prefix: cannot be told from/,
  ],
  [
    'has a separator that is in the signature',
    hmac({ separator: '+', prefix: 'v1:', encoding: 'base64' }),
    /^signature\.separator: "\+" has a character that a signature in base64/,
  ],
  [
    'has a separator that is in the prefix',
    hmac({ separator: ';', prefix: 'v1;' }),
    /^signature\.separator: is in a prefix/,
  ],
  [
    'has a deep token in the items of a batch',
    { signature: { algorithm: 'token', pointer: '/auth/token' }, event: { ...BY_ID, batch: '/events' } },
    /^signature\.pointer: with a batch, the token is in a field of the item itself/,
  ],
  [
    'has a misspelt field',
    hmac({ prefx: 'v1=' }),
    /^signature\.prefx: there is no such field here; did you mean "prefix"\? The fields are algorithm, /,
  ],
  [
    'has a list of separators of which a signature may have one',
    hmac({ separator: [' ', 'a'] }),
    /^signature\.separator: "a" has a character that a signature in hex may have/,
  ],
  ['has no separators in a list', hmac({ separator: [] }), /^signature\.separator: must be a list of 1 to 4/],
  [
    'has a schema that is nested without end',
    withEvent({ ...BY_ID, schema: deepSchema(2_000) }),
    /^event\.schema\..*: is nested more than 64 deep, or holds itself; leave out what is below/,
  ],
  [
    'acknowledges with a body and a status that has none',
    { ...hmac({}), acknowledgement: { status: 204, body: 'ok' } },
    /^acknowledgement\.body: a response with the status 204 has none; leave it out/,
  ],
  [
    'answers a handshake with a text and a status that has none',
    withHandshake({ method: 'GET', challenge: { query: 'c' }, answer: { status: 204, text: '{challenge}' } }),
    /^handshakes\[0\]\.answer\.status: a response with the status 204 has no body; use 200/,
  ],
  [
    'has a handshake of another method',
    withHandshake({ method: 'PUT', answer: {} }),
    /^handshakes\[0\]\.method: the method of a handshake cannot be "PUT"/,
  ],
  [
    'has a token that covers something',
    withSignature({ algorithm: 'token', header: 'X', content: '{body}' }),
    /^signature\.content: there is no such field/,
  ],
  [
    'has a signature in the body over the body',
    { signature: { ...IN_BODY, content: '{timestamp}{id}{body}' }, event: { id: { pointer: '/sig/id' } } },
    /cannot cover \{body\}/,
  ],
  [
    'has a signature in the body without a signed id',
    { signature: { ...IN_BODY, content: '{timestamp}' }, event: { id: { pointer: '/sig/id' } } },
    /has no \{id\}/,
  ],
  [
    'has a signature in the body, and another id',
    { signature: IN_BODY, event: BY_ID },
    /^event\.id: must be signature\.id/,
  ],
  [
    'has a batch under a signature in the body',
    { signature: IN_BODY, event: { id: { pointer: '/sig/id' }, batch: '' } },
    /^event\.batch: a signature in the body covers one id/,
  ],
  [
    'has a signature in the body, and forms',
    { signature: IN_BODY, event: { id: { pointer: '/sig/id' }, contentTypes: ['application/json', FORM] } },
    /^event\.contentTypes: .*signature\.pointer is read from/,
  ],
  [
    'has a token in the body, and forms',
    { signature: { algorithm: 'token', pointer: '/token' }, event: { ...BY_ID, contentTypes: [FORM] } },
    /^event\.contentTypes: .*signature\.pointer is read from/,
  ],
  [
    'has a time in the body, and forms',
    {
      signature: { ...BODY_SIGNED, timestamp: { pointer: '/time' } },
      event: { ...BY_ID, contentTypes: [FORM] },
    },
    /^event\.contentTypes: .*signature\.timestamp\.pointer is read from/,
  ],
  [
    'has the token in the body as a value of the event',
    {
      signature: { algorithm: 'token', pointer: '/token' },
      event: { ...BY_ID, data: { key: { pointer: '/token' } } },
    },
    /^event\.data\.key\.pointer: is the token/,
  ],
  [
    'has an unknown padding of RSA',
    withSignature({ algorithm: 'rsa-sha256', header: 'X', padding: 'oaep' }),
    /^signature\.padding: the padding cannot be "oaep"; use "pkcs1", "pss"/,
  ],
  [
    'has a form of an RSA key',
    withSignature({ algorithm: 'rsa-sha256', header: 'X', key: 'hex' }),
    /^signature\.key: there is no such field here/,
  ],
  [
    'has a header for basic authentication',
    withSignature({ algorithm: 'basic', header: 'X' }),
    /^signature\.header: there is no such field here; the fields are algorithm/,
  ],
  ['has a JWT without a header', withSignature({ algorithm: 'jwt' }), /^signature\.header: is required/],
  [
    'has a JWT over a template',
    jwt({ content: '{body}' }),
    /^signature\.content: there is no such field here; the fields are algorithm, header/,
  ],
  ['has a hash in no claim', jwt({ bodyHash: { encoding: 'hex' } }), /^signature\.bodyHash\.claim: is required/],
  [
    'has two hashes in one claim',
    jwt({ bodyHash: { claim: 'hash' }, urlHash: { claim: 'hash' } }),
    /^signature\.urlHash\.claim: is signature\.bodyHash\.claim too/,
  ],
  [
    'has an issuer among the claims',
    jwt({ claims: { iss: 'a' } }),
    /^signature\.claims\.iss: .*; use signature\.issuer\./,
  ],
  [
    'fixes the claim of a hash',
    jwt({ bodyHash: { claim: 'hash' }, claims: { hash: 'a' } }),
    /^signature\.claims\.hash: is the claim of a hash/,
  ],
  ['has a number as a claim', jwt({ claims: { level: 7 } }), /^signature\.claims\.level: must be text, true or false/],
  ['has a lifetime above a week', jwt({ lifetimeSeconds: 604_801 }), /^signature\.lifetimeSeconds: .*from 1 to 604800/],
  [
    'publishes the keys of a shared secret',
    jwt({ jws: 'HS256', audience: 'harbor', keySetUrl: 'https://keys.harbor.example/jwks' }),
    /^signature\.keySetUrl: a shared secret is never published/,
  ],
  [
    'accepts tokens for any receiver',
    jwt({ keySetUrl: 'https://keys.harbor.example/jwks' }),
    /^signature\.audience: is needed with signature\.keySetUrl/,
  ],
  ...PRIVATE_URLS.map(
    (url) =>
      [
        `fetches keys from ${JSON.stringify(url)}`,
        keySet(url),
        /^signature\.keySetUrl: must be the https:\/\/ URL/,
      ] as const,
  ),
  [
    'reads the event from the header of basic authentication',
    { signature: { algorithm: 'basic' }, event: { id: { header: 'authorization' } } },
    /^event\.id\.header: is the header of the signature/,
  ],
  [
    'answers with an HMAC of a token',
    { ...jwt({}), handshakes: [{ method: 'GET', challenge: { query: 'c' }, answer: { text: '{hmac}' } }] },
    /^handshakes\[0\]\.answer: \{hmac\} needs a signature with an HMAC/,
  ],
  ['has no id', withEvent({}), /^event\.id: is required/],
  ['has an id without a place', withEvent({ id: { field: 'id' } }), /^event\.id: needs a place, such as \{ pointer/],
  [
    'has an id in two places',
    withEvent({ id: { pointer: '/id', header: 'X-Id' } }),
    /^event\.id\.header: there is no such field/,
  ],
  [
    'has a malformed pointer',
    withEvent({ id: { pointer: 'id' } }),
    /^event\.id\.pointer: is not a JSON pointer; begin with "\/"/,
  ],
  [
    'has a pointer with a wrong escape',
    withEvent({ id: { pointer: '/a~2' } }),
    /^event\.id\.pointer: is not a JSON pointer/,
  ],
  ['has the whole body as its id', withEvent({ id: { pointer: '' } }), /^event\.id\.pointer: points to the whole body/],
  [
    'has one id for all events of a batch',
    withEvent({ id: { header: 'X-Id' }, batch: '/events' }),
    /^event\.id: all events of a batch would have/,
  ],
  [
    'reads the event from the header of the signature',
    withEvent({ id: { pointer: '/id' }, type: { header: 'x-signature' } }),
    /^event\.type\.header: is the header of the signature/,
  ],
  [
    'has a field of a form without forms',
    withEvent({ ...BY_ID, formField: 'payload' }),
    /^event\.formField: needs the type of a form; add "application\/x-www-form-urlencoded"/,
  ],
  [
    'has a media type with parameters',
    withEvent({ ...BY_ID, contentTypes: ['application/json; charset=utf-8'] }),
    /^event\.contentTypes\[?\.?0\]?: must be a media type in lower case/,
  ],
  [
    'has a media type that is not read',
    withEvent({ ...BY_ID, contentTypes: ['application/xml'] }),
    /cannot be read: a body is JSON or a form/,
  ],
  [
    'has data of an unknown type',
    withEvent({ ...BY_ID, data: { a: { pointer: '/a', type: 'date' } } }),
    /^event\.data\.a\.type: a type cannot be "date"/,
  ],
  [
    'has a number in a header',
    withEvent({ ...BY_ID, data: { a: { header: 'X-A', type: 'integer' } } }),
    /^event\.data\.a\.type: the value of a header is text/,
  ],
  [
    'has data with a name that is not validated',
    withEvent({ ...BY_ID, data: { constructor: { pointer: 7 } } }),
    /^event\.data: cannot have a field with the name/,
  ],
  [
    'has a schema of a field that is not validated',
    withEvent({ ...BY_ID, schema: { properties: JSON.parse('{"__proto__":{"pattern":"a"}}') } }),
    /^event\.schema\.properties: cannot have a field with the name/,
  ],
  ['has data without a name', withEvent({ ...BY_ID, data: { 'a b': { pointer: '/a' } } }), /is not a name/],
  [
    'has a pattern',
    withEvent({ ...BY_ID, schema: { properties: { a: { pattern: '^a' } } } }),
    /^event\.schema\.properties\.a: "pattern" is not supported: a pattern may take more than linear time/,
  ],
  ['has a reference', withEvent({ ...BY_ID, schema: { $ref: '#' } }), /^event\.schema: "\$ref" is not supported/],
  [
    'has an unknown keyword',
    withEvent({ ...BY_ID, schema: { oneOf: [] } }),
    /^event\.schema\.oneOf: there is no such field/,
  ],
  [
    'has a range that is empty',
    withEvent({ ...BY_ID, schema: { minLength: 2, maxLength: 1 } }),
    /^event\.schema\.minLength: is above maxLength/,
  ],
  ['has a deep schema', withEvent({ ...BY_ID, schema: deepSchema(30) }), /is nested more than 20 deep/],
  [
    'has a handshake that any event is',
    withHandshake({ method: 'POST', answer: {} }),
    /^handshakes\[0\]\.when: is needed, because every event/,
  ],
  [
    'has an unsigned handshake in the body',
    withHandshake({ method: 'POST', signed: false, challenge: { pointer: '/c' }, answer: { text: '{challenge}' } }),
    /^handshakes\[0\]\.signed: must be true/,
  ],
  [
    'has a handshake in the body of a GET',
    withHandshake({ method: 'GET', signed: true, challenge: { pointer: '/c' }, answer: {} }),
    /^handshakes\[0\]\.method: a GET has no body/,
  ],
  [
    'hands out a secret that is nowhere',
    withHandshake({ method: 'POST', secret: true, when: [{ header: 'X-Setup', equals: '1' }], answer: {} }),
    /^handshakes\[0\]\.challenge: must be the place of the secret/,
  ],
  [
    'hands out a secret in the query string',
    withHandshake({ method: 'POST', secret: true, challenge: { query: 's' }, answer: {} }),
    /^handshakes\[0\]\.challenge: .* a query string is in access logs/,
  ],
  [
    'hands out a secret and signs with it',
    withHandshake({ method: 'POST', secret: true, signed: true, challenge: { pointer: '/s' }, answer: {} }),
    /^handshakes\[0\]\.signed: leave it out/,
  ],
  [
    'hands out a secret in a header that events are read from',
    {
      ...withHandshake({ method: 'POST', secret: true, challenge: { header: 'X-Hook' }, answer: {} }),
      event: { ...BY_ID, data: { hook: { header: 'x-hook' } } },
    },
    /^event\.data\.hook\.header: is the header of the secret in handshakes\[0\], which is never stored; use another\.$/,
  ],
  [
    'hands out a secret that nothing is verified with',
    {
      ...withHandshake({ method: 'POST', secret: true, challenge: { pointer: '/s' }, answer: {} }),
      ...keySet('https://keys.harbor.example/jwks'),
    },
    /^handshakes\[0\]\.secret: leave it out, because with signature\.keySetUrl the source has no secret/,
  ],
  [
    'answers with an HMAC by a secret that is not known',
    withHandshake({ method: 'POST', secret: true, challenge: { pointer: '/s' }, answer: { text: '{hmac}' } }),
    /^handshakes\[0\]\.answer: \{hmac\} needs the secret of the source, which is not known yet/,
  ],
  [
    'repeats a header that is no secret',
    withHandshake({ method: 'POST', challenge: { header: 'X-Hook' }, answer: { header: 'X-Hook' } }),
    /^handshakes\[0\]\.answer\.header: repeats a secret alone/,
  ],
  [
    'answers with a header of another kind',
    withHandshake({
      method: 'POST',
      secret: true,
      challenge: { header: 'X-Hook' },
      answer: { header: 'Set-Cookie' },
    }),
    /^handshakes\[0\]\.answer\.header: must begin with "X-"/,
  ],
  [
    'hands out a secret in a header, and signs in the body',
    {
      ...withHandshake({ method: 'POST', secret: true, challenge: { header: 'X-Hook' }, answer: {} }),
      signature: IN_BODY,
    },
    /^handshakes\[0\]\.challenge: a secret in a header needs a signature in a header/,
  ],
  [
    'answers with a challenge that there is not',
    withHandshake({ method: 'GET', answer: { text: '{challenge}' } }),
    /^handshakes\[0\]\.challenge: is needed/,
  ],
  [
    'answers with an unknown placeholder',
    withHandshake({ method: 'GET', answer: { text: '{"ok":true}' } }),
    /^handshakes\[0\]\.answer\.text: .* is no placeholder/,
  ],
  [
    'answers with an HMAC that there is not',
    withHandshake(
      { method: 'GET', challenge: { query: 'c' }, answer: { text: '{hmac}' } },
      { algorithm: 'ed25519', key: 'hex' },
    ),
    /^handshakes\[0\]\.answer: \{hmac\} needs a signature with an HMAC/,
  ],
  [
    'signs challenges and forms with one key',
    {
      ...withHandshake({ method: 'GET', challenge: { query: 'c' }, answer: { text: '{hmac}' } }),
      event: { ...BY_ID, contentTypes: [FORM] },
    },
    /made with the key of the events/,
  ],
  [
    'acknowledges with an error',
    { ...hmac({}), acknowledgement: { status: 500 } },
    /^acknowledgement\.status: must be a whole number from 200 to 299/,
  ],
];

describe('A definition', () => {
  it.each(FAULTS)('that %s is refused, with the path and the remedy', (_, definition, message) => {
    const messages = validateCustom(definition);
    expect(messages).toEqual(expect.arrayContaining([expect.stringMatching(message)]));
    expect(() => custom(definition as CustomDefinition)).toThrow();
  });

  it.each(Object.entries(customDefinitions))('with the scheme of %s is valid, also as JSON', (_, definition) => {
    expect(validateCustom(definition)).toEqual([]);
    expect(validateCustom(JSON.parse(JSON.stringify(definition)))).toEqual([]);
  });

  it.each(['https://keys.harbor.example/.well-known/jwks.json', 'https://keys.harbor.example/jwks?tenant=7'])(
    'may have the key set of a public host: %s',
    (url) => expect(validateCustom(keySet(url))).toEqual([]),
  );

  it('does not show a secret that is in the wrong place', () => {
    const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
    const misplaced = [
      hmac({ key: secret }),
      hmac({ encoding: secret }),
      hmac({ secret }),
      hmac({ header: `${secret} ` }),
      withSignature({ algorithm: secret, header: 'X' }),
      withEvent({ id: { pointer: secret } }),
    ];
    for (const definition of misplaced) {
      const messages = validateCustom(definition);
      expect(messages).not.toEqual([]);
      expect(messages.join()).not.toContain(secret);
    }
  });

  it('has one message for each fault', () => {
    expect(validateCustom(hmac({ header: '' }))).toHaveLength(1);
  });

  it('has every fault listed at once', () => {
    const messages = validateCustom({
      signature: { algorithm: 'ed25519', header: 'X Y', key: 'text' },
      event: { id: 7 },
    });
    expect(messages).toHaveLength(3);
  });
});

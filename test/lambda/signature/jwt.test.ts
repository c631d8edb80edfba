import { createHash, createPrivateKey } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { jwsAlgorithm, signJws } from '../../../lambda/signature/jws.ts';
import { type JwtOptions, jwtSignature } from '../../../lambda/signature/jwt.ts';
import { keyId, keySetOf } from '../../../lambda/signature/key-set.ts';
import { hasSecret } from '../../../lambda/signature/scheme.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const SECONDS = NOW / 1000;
const SECRET = 'a-shared-secret';
const BODY = '{"id":7}';
const URL_OF_REQUEST = 'https://example.com/webhooks/partner';
const hash = (text: string, encoding: 'hex' | 'base64' = 'hex') => createHash('sha256').update(text).digest(encoding);

const OPTIONS: JwtOptions = {
  header: 'x-token',
  algorithms: ['HS256'],
  bodyHash: { name: 'payload_hash', encoding: 'hex' },
};

interface Given {
  readonly options?: Partial<JwtOptions>;
  /** Claims beside the hash of the body. */
  readonly claims?: object;
  readonly header?: object;
  readonly settings?: Readonly<Record<string, string>>;
  readonly secret?: string;
  readonly body?: string;
}

const tokenWith = (claims: object, header: object = {}) =>
  signJws(header, Buffer.from(JSON.stringify(claims)), jwsAlgorithm('HS256'), SECRET);

function verdictOn(
  value: string | readonly string[],
  { options, settings = {}, secret = SECRET, body = BODY }: Given = {},
) {
  const request = plainRequest(body, { 'x-token': value });
  return jwtSignature({ ...OPTIONS, ...options }).verify(request, { ...plainContext, now: NOW, settings, secret });
}

/** The verdict on a token that is signed with the right key. */
const verdict = (given: Given) =>
  verdictOn(tokenWith({ payload_hash: hash(BODY), ...given.claims }, given.header), given);

describe('A token', () => {
  it('is valid with the right key alone', () => {
    expect(verdict({})).toBe('valid');
    expect(verdict({ secret: 'another-secret' })).toBe('mismatch');
    expect(verdict({ secret: '' })).toBe('unusable_secret');
  });

  it('is missing if the header is, if it is there twice, and if it is too long', () => {
    const token = tokenWith({ payload_hash: hash(BODY) });
    expect(verdictOn([])).toBe('missing');
    expect(verdictOn([token, token])).toBe('missing');
    expect(verdict({ claims: { more: 'x'.repeat(4_096) } })).toBe('missing');
  });

  it('follows its prefix, if it has one', () => {
    const token = tokenWith({ payload_hash: hash(BODY) });
    const options = { prefix: 'Bearer ' };
    expect(verdictOn(`Bearer ${token}`, { options })).toBe('valid');
    for (const value of [token, `Bearer  ${token}`, `bearer ${token}`, `Basic ${token}`, `Bearer ${token} `]) {
      expect(verdictOn(value, { options })).toBe('malformed');
    }
  });

  it('is malformed if it is unsigned, or signed with another algorithm than it names', () => {
    const claims = { payload_hash: hash(BODY) };
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    expect(verdictOn(`${encode({ alg: 'none' })}.${encode(claims)}.`)).toBe('malformed');
    expect(verdictOn(`${encode({ alg: 'none' })}.${encode(claims)}.AAAA`)).toBe('malformed');
    for (const alg of ['none', 'RS256', 'HS512']) expect(verdict({ header: { alg } })).toBe('malformed');
    expect(verdict({ header: { crit: ['exp'] } })).toBe('malformed');
  });

  it.each(['null', '[]', '"text"', '{', ''])('is malformed if its claims are %j', (payload) => {
    expect(verdictOn(signJws({}, Buffer.from(payload), jwsAlgorithm('HS256'), SECRET))).toBe('malformed');
  });

  it('is judged by its signature before its claims are read', () => {
    const forged = signJws({}, Buffer.from('{'), jwsAlgorithm('HS256'), 'another-secret');
    expect(verdictOn(forged)).toBe('mismatch');
  });
});

describe('The algorithm of a token', () => {
  const options = { algorithms: ['HS256', 'RS256', 'ES256'], algorithmSetting: 'algorithm' } as const;
  const scheme = jwtSignature({ ...OPTIONS, ...options });

  it.each(['HS256', 'RS256', 'ES256'] as const)('is %s if the source sets it, and no other', (algorithm) => {
    const keys = jwsAlgorithm(algorithm).generateKeys();
    const settings = { algorithm };
    const signed = scheme.sign(plainRequest(BODY), { key: keys.signing, now: NOW, settings });
    const verify = (given: object, secret = keys.verification) =>
      scheme.verify(signed, { ...plainContext, now: NOW, settings: { ...settings, ...given }, secret });
    expect(verify({})).toBe('valid');
    for (const other of options.algorithms.filter((each) => each !== algorithm)) {
      expect(verify({ algorithm: other })).not.toBe('valid');
      expect(verify({ algorithm: other }, jwsAlgorithm(other).generateKeys().verification)).not.toBe('valid');
    }
  });

  it('is not HMAC because a token says so that was signed with the public key', () => {
    const { verification } = jwsAlgorithm('RS256').generateKeys();
    const forged = signJws({}, Buffer.from(`{"payload_hash":"${hash(BODY)}"}`), jwsAlgorithm('HS256'), verification);
    const given = { options, secret: verification };
    expect(verdictOn(forged, { ...given, settings: { algorithm: 'RS256' } })).toBe('malformed');
    expect(verdictOn(forged, { ...given, settings: { algorithm: 'HS256' } })).toBe('unusable_secret');
  });

  it('is the first one if the source sets none', () => {
    expect(verdict({ options })).toBe('valid');
    expect(verdict({ options, settings: { algorithm: 'other' } })).toBe('valid');
  });
});

describe('The hash of the body', () => {
  it('is the one of the bytes', () => {
    expect(verdict({ body: '{"id":8}' })).toBe('mismatch');
    expect(verdict({ body: '{"id": 7}' })).toBe('mismatch');
    expect(verdict({ claims: { payload_hash: hash(BODY).toUpperCase() } })).toBe('valid');
  });

  it.each([
    [undefined],
    [null],
    [70],
    [''],
    [hash(BODY).slice(2)],
    [`${hash(BODY)}00`],
    [[hash(BODY)]],
    [hash(BODY, 'base64')],
  ])('is malformed as %j', (payload_hash) => {
    expect(verdict({ claims: { payload_hash } })).toBe('malformed');
  });

  it('may be in base64, under another name', () => {
    const options = { bodyHash: { name: 'request_body_sha256', encoding: 'base64' } } as const;
    expect(verdict({ options, claims: { request_body_sha256: hash(BODY, 'base64') } })).toBe('valid');
    expect(verdict({ options, claims: { request_body_sha256: hash('other', 'base64') } })).toBe('mismatch');
    expect(verdict({ options })).toBe('malformed');
  });
});

describe('The hash of the URL', () => {
  const options = { urlHash: { name: 'url_hash', encoding: 'hex' } } as const;

  it('is the one of the URL that the provider was given', () => {
    expect(verdict({ options, claims: { url_hash: hash(URL_OF_REQUEST) } })).toBe('valid');
    expect(verdict({ options, claims: { url_hash: hash(`${URL_OF_REQUEST}/`) } })).toBe('mismatch');
    expect(verdict({ options })).toBe('malformed');
  });
});

describe('The issuer and the audience', () => {
  it('are those of the definition', () => {
    const options = { issuer: 'partner' };
    expect(verdict({ options, claims: { iss: 'partner' } })).toBe('valid');
    for (const iss of ['Partner', '', undefined, null, ['partner']]) {
      expect(verdict({ options, claims: { iss } })).toBe('mismatch');
    }
  });

  it('may be one of several audiences', () => {
    const options = { audience: ({ audience }: Readonly<Record<string, string>>) => audience };
    const settings = { audience: 'us' };
    for (const aud of ['us', ['us'], ['them', 'us']]) {
      expect(verdict({ options, settings, claims: { aud } })).toBe('valid');
    }
    for (const aud of ['them', [], ['them'], '', undefined, null, [['us', 'x']], { us: 'us' }]) {
      expect(verdict({ options, settings, claims: { aud } })).toBe('mismatch');
    }
    expect(verdict({ options })).toBe('valid');
  });
});

describe('A token for nobody in particular', () => {
  it('may name its issuer and its audience, if the definition names none', () => {
    expect(verdict({ claims: { iss: 'partner', aud: 'us' } })).toBe('valid');
  });
});

describe('The times of a token', () => {
  it.each(['exp', 'nbf', 'iat'])('are malformed if %s is a number that no clock reaches', (name) => {
    const payload = `{"payload_hash":"${hash(BODY)}","iat":${SECONDS},"${name}":1e400}`;
    const token = signJws({}, Buffer.from(payload), jwsAlgorithm('HS256'), SECRET);
    expect(verdictOn(token, { options: { toleranceSeconds: 300 } })).toBe('malformed');
  });

  it.each([
    ['valid', { exp: SECONDS - 4 }],
    ['outside_tolerance', { exp: SECONDS - 5 }],
    ['valid', { nbf: SECONDS + 300 }],
    ['outside_tolerance', { nbf: SECONDS + 301 }],
    ['valid', { exp: SECONDS + 0.5, nbf: SECONDS - 0.5 }],
    ['malformed', { exp: String(SECONDS + 60) }],
    ['malformed', { exp: null }],
    ['malformed', { nbf: '0' }],
    ['valid', { iat: 'ignored' }],
  ] as const)('are %s as %j, though the token need not have any', (expected, claims) => {
    expect(verdict({ claims })).toBe(expected);
  });

  it('must hold when it expires, if tokens have a lifetime', () => {
    const options = { lifetimeSeconds: 60 };
    expect(verdict({ options, claims: { exp: SECONDS + 60 } })).toBe('valid');
    expect(verdict({ options })).toBe('malformed');
    expect(verdict({ options, claims: { exp: SECONDS + 120, nbf: SECONDS + 60 } })).toBe('valid');
    expect(verdict({ options, claims: { exp: SECONDS + 121, nbf: SECONDS + 61 } })).toBe('outside_tolerance');
    expect(jwtSignature({ ...OPTIONS, ...options }).toleranceSeconds).toBe(65);
  });

  it.each([
    ['valid', 60, SECONDS + 120],
    ['outside_tolerance', 60, SECONDS + 121],
    ['valid', 3_600, SECONDS + 3_900],
    ['outside_tolerance', 3_600, SECONDS + 3_901],
  ] as const)('are %s with a lifetime of %d s if they expire at %d', (expected, lifetimeSeconds, exp) => {
    expect(verdict({ options: { lifetimeSeconds }, claims: { exp } })).toBe(expected);
  });

  it.each([
    ['valid', SECONDS - 300],
    ['outside_tolerance', SECONDS - 301],
    ['valid', SECONDS + 300],
    ['outside_tolerance', SECONDS + 301],
    ['malformed', undefined],
    ['malformed', null],
    ['malformed', String(SECONDS)],
  ])('are %s if iat is %j and the tolerance is 300 s', (expected, iat) => {
    expect(verdict({ options: { toleranceSeconds: 300 }, claims: { iat } })).toBe(expected);
  });
});

describe('A token that this code signs', () => {
  it.each([{ toleranceSeconds: 300 }, { lifetimeSeconds: 60 }, {}])('is valid by %j alone', (options) => {
    const scheme = jwtSignature({ ...OPTIONS, ...options });
    const signed = scheme.sign(plainRequest(BODY), { key: SECRET, now: NOW, settings: {} });
    expect(scheme.verify(signed, { ...plainContext, now: NOW, secret: SECRET })).toBe('valid');
  });

  it('is valid by all that a definition can ask for', () => {
    const scheme = jwtSignature({
      ...OPTIONS,
      prefix: 'Bearer ',
      issuer: 'partner',
      audience: ({ audience }) => audience,
      urlHash: { name: 'url_hash', encoding: 'base64' },
      toleranceSeconds: 300,
      lifetimeSeconds: 60,
    });
    const settings = { audience: 'us' };
    const signed = scheme.sign(plainRequest(BODY), { key: SECRET, now: NOW + 999, settings });
    expect(scheme.verify(signed, { ...plainContext, now: NOW, settings, secret: SECRET })).toBe('valid');
    expect(scheme.bodyCoverage).toBe('bytes');
  });
});

describe('Other claims', () => {
  const options = { claims: ({ email }: Readonly<Record<string, string>>) => ({ email, email_verified: true }) };
  const settings = { email: 'us@example.com' };

  it('have the values of the definition', () => {
    const verdictWith = (claims: object) => verdict({ options, settings, claims });
    expect(verdictWith({ email: 'us@example.com', email_verified: true })).toBe('valid');
    expect(verdictWith({ email: 'them@example.com', email_verified: true })).toBe('mismatch');
    expect(verdictWith({ email: 'us@example.com', email_verified: 'true' })).toBe('mismatch');
    expect(verdictWith({ email: ['us@example.com'], email_verified: true })).toBe('mismatch');
    expect(verdictWith({ email: 'us@example.com' })).toBe('mismatch');
  });
});

describe('A token that names a published key', () => {
  const { keySetUrl, ...given } = {
    keySetUrl: new URL('https://keys.example.com/certs'),
    header: 'x-token',
    algorithms: ['RS256'],
  } as const;
  const scheme = jwtSignature({ ...given, keySetUrl });
  const { signing, verification } = scheme.generateKeys();
  const published = keySetOf(createPrivateKey(signing));
  const kid = keyId(createPrivateKey(signing));

  /** The verdict of a new instance, which has fetched nothing yet. */
  function verdictFor(header: object, response: string | number = published, key = signing) {
    const token = signJws(header, Buffer.from('{}'), jwsAlgorithm('RS256'), key);
    const request = plainRequest(BODY, { 'x-token': token });
    const fetch = async () =>
      typeof response === 'string' ? new Response(response) : new Response('', { status: response });
    return jwtSignature({ ...given, keySetUrl }).verify(request, { ...plainContext, now: NOW, secret: '', fetch });
  }

  it('is valid with that key alone', async () => {
    expect(await verdictFor({ kid })).toBe('valid');
    expect(await verdictFor({ kid }, published, jwsAlgorithm('RS256').generateKeys().signing)).toBe('mismatch');
    expect(await verdictFor({ kid: 'unknown' })).toBe('mismatch');
  });

  it('is malformed if it names none, or another algorithm', async () => {
    for (const header of [{}, { kid: 7 }, { kid, alg: 'HS256' }, { kid, alg: 'none' }, { kid, crit: ['kid'] }]) {
      expect(await verdictFor(header)).toBe('malformed');
    }
  });

  it('takes no key and no URL from the token', async () => {
    const own = jwsAlgorithm('RS256').generateKeys().signing;
    const jwk = JSON.parse(keySetOf(createPrivateKey(own))).keys[0];
    expect(await verdictFor({ kid, jwk, jku: 'https://evil.example.com', x5u: 'x' }, published, own)).toBe('mismatch');
  });

  it('is not judged while the keys cannot be fetched', async () => {
    for (const response of [500, 404, '{']) expect(await verdictFor({ kid }, response)).toBe('certificate_unavailable');
  });

  it('needs no secret, and covers no part of the body without its hash', () => {
    expect(verification).toBe('');
    expect([hasSecret(scheme), scheme.keySetHost]).toEqual([false, 'keys.example.com']);
    expect(hasSecret(jwtSignature(OPTIONS))).toBe(true);
    expect(scheme.bodyCoverage).toBe('nothing');
  });
});

/** The key and the time of the tokens below. */
const PUBLISHED = {
  secret: '36efdd1aace2e26cd490f0d951138253bef2f7c6d34d18981da781555cc4cebb',
  now: Date.parse('2021-07-05T12:00:00+02:00'),
};

/** Tokens with the hash of the URL, from lib/testdata of https://github.com/messagebird/messagebird-nodejs, 2d8b7de. */
const PUBLISHED_TOKENS = [
  [
    'valid',
    'Hello, World!',
    'https://example.com/path?bar=1&foo=2',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI5M2U1NTAwNi1hMGU4LTQ1MjYtYTE5MC1mYTVmZjAwZWExMTYiLCJ1cmxfaGFzaCI6IjQxZjA1ZjBkZGQwYTIyYWIyMDlhYzQ2ZjQ3YzQ1NzJkOWNlZmEyNTdlZDc0YjI0MDA0YmFlNzUzZWNlNmMyNjAiLCJwYXlsb2FkX2hhc2giOiJkZmZkNjAyMWJiMmJkNWIwYWY2NzYyOTA4MDllYzNhNTMxOTFkZDgxYzdmNzBhNGIyODY4OGEzNjIxODI5ODZmIn0._H--TOuYFLpeEH39-rg5E3IHVkjHozBcaKVWPRC5m9I',
  ],
  [
    'valid',
    'Some text containg & < >, & and \\u0026',
    'https://example.com/',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI1OWEyNDRkYy1lOWFkLTRlMjMtOTc3OC0zNzFmYWEyMzhmNzIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDciLCJwYXlsb2FkX2hhc2giOiIyNDMxYmQ5Y2NiNDhlZDAxNmZhZDU2N2IwNzcxMjAzOGI1Y2RkOTQ5YWM5ZDQxZmU0NjkzZDVhMzg0NWNmN2U4In0.IQiKzeEPaO3A48lhKmBDSmxZyCESPCGxdSKFdi0dEJs',
  ],
  [
    'mismatch',
    'Hello, World!',
    'https://example.com/',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiIxNDUwMTUzMi05NmYyLTQ2ODQtOTgzMi02OGYwOTUxYWUzNDIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDciLCJwYXlsb2FkX2hhc2giOiJmYjYyZjAyYWNkYTdkNzQxNzdhNzAxYTFjZTAwNmU2YmFjZDkwYzdkNGQ3YWI0ODE2OTJjMWRhNDdjODEwNzZiIn0.m79RCwO6dGa9pvzsQypkVuXQ6eM0CkRl6_U7MfWg6TM',
  ],
  [
    'malformed',
    'Hello, World!',
    'https://example.com/',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiI1OWEyNDRkYy1lOWFkLTRlMjMtOTc3OC0zNzFmYWEyMzhmNzIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDcifQ.6Fp0rVOsRr1fj9S2GidXAfkmPVofKr8_RTffC6G6r2E',
  ],
  [
    'mismatch',
    '',
    'https://example.com/',
    'eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJNZXNzYWdlQmlyZCIsIm5iZiI6MTYyNTQ3OTIwMCwiZXhwIjoxNjI1NDc5MjYwLCJqdGkiOiIxNDUwMTUzMi05NmYyLTQ2ODQtOTgzMi02OGYwOTUxYWUzNDIiLCJ1cmxfaGFzaCI6IjBmMTE1ZGIwNjJiN2MwZGQwMzBiMTY4NzhjOTlkZWE1YzM1NGI0OWRjMzdiMzhlYjg4NDYxNzljNzc4M2U5ZDciLCJwYXlsb2FkX2hhc2giOiJkZmZkNjAyMWJiMmJkNWIwYWY2NzYyOTA4MDllYzNhNTMxOTFkZDgxYzdmNzBhNGIyODY4OGEzNjIxODI5ODZmIn0.bHfsjj3tljfzTufoG3EU3p_yFrQh9CufyzRSaRMd4ss',
  ],
] as const;

describe('A token that MessageBird publishes', () => {
  const scheme = jwtSignature({
    ...OPTIONS,
    issuer: 'MessageBird',
    urlHash: { name: 'url_hash', encoding: 'hex' },
    lifetimeSeconds: 60,
  });

  it.each(PUBLISHED_TOKENS)('is %s with the body %j at %s', (expected, body, url, token) => {
    const request = { ...plainRequest(body, { 'x-token': token }), url };
    expect(scheme.verify(request, { ...plainContext, ...PUBLISHED })).toBe(expected);
    const other = { ...request, url: `${url}?` };
    expect(scheme.verify(other, { ...plainContext, ...PUBLISHED })).not.toBe('valid');
    const later = { ...PUBLISHED, now: PUBLISHED.now + 65_000 };
    expect(scheme.verify(request, { ...plainContext, ...later })).toBe('outside_tolerance');
  });
});

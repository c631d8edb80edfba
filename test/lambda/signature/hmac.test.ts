import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { inHeaders } from '../../../lambda/signature/carrier.ts';
import { hmac } from '../../../lambda/signature/hmac.ts';
import { signedBy } from '../../../lambda/signature/signed-by.ts';
import { plainContext as context, plainRequest as request } from '../../support/plain-request.ts';
import { anyText } from '../../support/property.ts';

const inHex = signedBy({
  carrier: inHeaders({ signature: 'x-signature', prefix: 'sha256=' }),
  algorithm: hmac({ encoding: 'hex' }),
});
const inBase64 = signedBy({ carrier: inHeaders({ signature: 'x-hmac' }), algorithm: hmac({ encoding: 'base64' }) });

// RFC 4231, test cases 1 and 2: https://www.rfc-editor.org/rfc/rfc4231#section-4
const vectors = [
  {
    secret: '\u000b'.repeat(20),
    body: 'Hi There',
    digest: 'b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7',
  },
  {
    secret: 'Jefe',
    body: 'what do ya want for nothing?',
    digest: '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
  },
];

describe.each(vectors)('The test vector of RFC 4231 for $body', ({ secret, body, digest }) => {
  it.each([
    ['hex', inHex, 'x-signature', `sha256=${digest}`],
    ['hex in upper case', inHex, 'x-signature', `sha256=${digest.toUpperCase()}`],
    ['base64', inBase64, 'x-hmac', Buffer.from(digest, 'hex').toString('base64')],
  ])('is verified in %s', (_, scheme, header, value) => {
    expect(scheme.verify(request(body, { [header]: [value] }), { secret, ...context })).toBe('valid');
  });

  it('is reproduced by signing', () => {
    const signedInHex = inHex.sign(request(body), { key: secret, ...context });
    expect(signedInHex.headers.get('x-signature')).toEqual([`sha256=${digest}`]);
    const signedInBase64 = inBase64.sign(request(body), { key: secret, ...context });
    expect(signedInBase64.headers.get('x-hmac')).toEqual([Buffer.from(digest, 'hex').toString('base64')]);
  });
});

describe.each([
  ['hex', inHex, 'x-signature', 'sha256='],
  ['base64', inBase64, 'x-hmac', ''],
] as const)('An HMAC in %s', (encoding, scheme, header, prefix) => {
  const bodies = fc.uint8Array({ maxLength: 300 });
  const secrets = fc.string({ minLength: 1, maxLength: 100 });
  const runs = { seed: 1 };

  const headerOf = (body: Uint8Array, key: string) => scheme.sign(request(body), { key, ...context }).headers;
  const verdict = (body: Uint8Array, headers: ReadonlyMap<string, readonly string[]>, secret: string) =>
    scheme.verify({ ...request(body), headers }, { secret, ...context });

  it('is valid for any body and any secret', () => {
    fc.assert(
      fc.property(bodies, secrets, (body, secret) => {
        expect(verdict(body, headerOf(body, secret), secret)).toBe('valid');
      }),
      runs,
    );
  });

  it('is a mismatch once any byte of the body is changed, added or removed', () => {
    fc.assert(
      fc.property(bodies, secrets, fc.nat(), fc.integer({ min: 1, max: 255 }), (body, secret, at, change) => {
        const headers = headerOf(body, secret);
        const index = at % (body.length || 1);
        expect(verdict(Uint8Array.from([...body, change]), headers, secret)).toBe('mismatch');
        if (body.length === 0) return;
        const changed = body.map((byte, each) => (each === index ? byte ^ change : byte));
        expect(verdict(changed, headers, secret)).toBe('mismatch');
        expect(verdict(body.slice(0, -1), headers, secret)).toBe('mismatch');
      }),
      runs,
    );
  });

  it('is a mismatch under any other secret', () => {
    fc.assert(
      fc.property(bodies, secrets, secrets, (body, secret, other) => {
        fc.pre(secret !== other);
        expect(verdict(body, headerOf(body, secret), other)).toBe('mismatch');
      }),
      runs,
    );
  });

  it('is never valid in any other format, and verifying it never throws', () => {
    const digits = fc
      .uint8Array({ minLength: 32, maxLength: 32 })
      .map((bytes) => Buffer.from(bytes).toString(encoding));
    const value = fc.oneof(
      fc.string(),
      anyText(),
      digits,
      digits.map((text) => prefix + text),
      anyText().map((text) => prefix + text),
    );
    fc.assert(
      fc.property(bodies, secrets, fc.array(value, { maxLength: 3 }), (body, secret, values) => {
        expect(['missing', 'malformed', 'mismatch']).toContain(verdict(body, new Map([[header, values]]), secret));
      }),
      { ...runs, numRuns: 500 },
    );
  });

  it('is missing if its header is missing or sent twice', () => {
    const body = Buffer.from('{}');
    const right = headerOf(body, 'secret').get(header) ?? [];
    expect(right).toHaveLength(1);
    expect(verdict(body, new Map(), 'secret')).toBe('missing');
    expect(verdict(body, new Map([[header, []]]), 'secret')).toBe('missing');
    expect(verdict(body, new Map([[header, [...right, ...right]]]), 'secret')).toBe('missing');
  });

  it.each([
    ['an additional digit', (digest: string) => `${digest}0`],
    ['white space after it', (digest: string) => `${digest} `],
    ['white space before it', (digest: string) => ` ${digest}`],
    ['its end cut off', (digest: string) => digest.slice(0, -2)],
    ['a character in it that is no digit', (digest: string) => digest.replace(/^./, '!')],
    ['a character after it that is no digit', (digest: string) => `${digest}!`],
    ['its prefix twice', (digest: string) => `sha256=${digest}`],
  ])('with %s is malformed', (_, spoil) => {
    const body = Buffer.from('{}');
    const [right = ''] = headerOf(body, 'secret').get(header) ?? [];
    const spoilt = prefix + spoil(right.slice(prefix.length));
    expect(verdict(body, new Map([[header, [spoilt]]]), 'secret')).toBe('malformed');
  });

  it('is valid with generated keys, which differ each time', () => {
    const { signing, verification } = scheme.generateKeys();
    const body = Buffer.from('{}');
    expect(verdict(body, headerOf(body, signing), verification)).toBe('valid');
    expect(scheme.generateKeys().signing).not.toBe(signing);
    expect(signing.length).toBeGreaterThanOrEqual(32);
  });
});

describe('A generated secret', () => {
  it('is 32 random bytes in the format in which the provider shows secrets', () => {
    expect(hmac({ encoding: 'hex' }).generateKeys().signing).toMatch(/^[0-9a-f]{64}$/);
    const { signing, verification } = hmac({ encoding: 'base64', key: 'whsec_' }).generateKeys();
    expect(signing).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(verification).toBe(signing);
  });
});

describe('The verdict on an HMAC', () => {
  const content = ['{}'];
  const { verify, sign } = hmac({ encoding: 'hex', key: 'whsec_', knownToAll: 'whsec_AAAA' });
  const secret = 'whsec_c2VjcmV0';
  const signature = sign(content, secret);

  it.each([
    ['valid', signature, secret],
    ['valid', signature, 'c2VjcmV0'],
    ['valid', signature, 'v1,whsec_c2VjcmV0'],
    ['valid', sign(content, 'whsec_c2VjcmU='), 'whsec_c2VjcmU'],
    ['valid', sign(content, 'whsec_c2VjcmV0cw=='), 'v1,whsec_c2VjcmV0cw'],
    ['valid', sign(content, 'whsec_c2VjcmV0cw=='), 'c2VjcmV0cw'],
    ['malformed', signature.slice(2), secret],
    ['mismatch', 'ab'.repeat(32), secret],
    ['unusable_secret', signature, 'whsec_'],
    ['unusable_secret', signature, 'whsec_no base64'],
    ['unusable_secret', signature, 'whsec_c2VjcmV0c'],
    ['unusable_secret', signature, 'whsec_c2VjcmV0='],
    ['unusable_secret', signature, 'v2,whsec_c2VjcmV0'],
    ['unusable_secret', signature, 'v1,c2VjcmV0'],
    ['unusable_secret', sign(content, 'whsec_AAAA'), 'whsec_AAAA'],
  ])('is %s for %s under the secret %s', (verdict, given, under) => {
    expect(verify(content, given, under)).toBe(verdict);
  });
});

describe('An HMAC with another hash or another form of its key', () => {
  // RFC 4231, test case 2, and RFC 2202, test case 2.
  const DIGESTS = {
    sha512:
      '164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737',
    sha1: 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79',
  } as const;

  it.each(['sha512', 'sha1'] as const)('has the digest of the RFC with %s', (hash) => {
    const { sign, verify } = hmac({ encoding: 'hex', hash });
    expect(sign(['what do ya want for nothing?'], 'Jefe')).toBe(DIGESTS[hash]);
    expect(verify(['what do ya want for nothing?'], DIGESTS[hash], 'Jefe')).toBe('valid');
    expect(verify([''], DIGESTS[hash].slice(2), 'Jefe')).toBe('malformed');
  });

  const bytes = Buffer.from('a key that ends in odd bytes \xff', 'latin1');
  const expected = hmac({ encoding: 'hex' }).sign(['{}'], 'secret');

  it.each([
    ['text', 'secret'],
    ['hex', Buffer.from('secret').toString('hex')],
    ['base64', Buffer.from('secret').toString('base64')],
    ['whsec_', `whsec_${Buffer.from('secret').toString('base64')}`],
  ] as const)('has the key that a secret in the form %s encodes', (key, secret) => {
    expect(hmac({ encoding: 'hex', key }).sign(['{}'], secret)).toBe(expected);
    expect(hmac({ encoding: 'hex', key }).verify(['{}'], expected, secret)).toBe('valid');
  });

  it.each([
    ['text', ''],
    ['hex', ''],
    ['hex', 'abc'],
    ['hex', 'no hex'],
    ['hex', `0x${bytes.toString('hex')}`],
    ['base64', ''],
    ['base64', 'no base64'],
    ['base64', `whsec_${bytes.toString('base64')}`],
    ['whsec_', 'whsec_'],
  ] as const)('in the form %s cannot use the secret %j', (key, secret) => {
    expect(hmac({ encoding: 'hex', key }).verify(['{}'], expected, secret)).toBe('unusable_secret');
  });

  it.each(['text', 'hex', 'base64', 'whsec_'] as const)(
    'generates a usable secret of 32 bytes in the form %s',
    (key) => {
      const { sign, verify, generateKeys } = hmac({ encoding: 'base64', key });
      const { signing, verification } = generateKeys();
      expect(verify(['{}'], sign(['{}'], signing), verification)).toBe('valid');
      expect(signing.length).toBeGreaterThanOrEqual(43);
    },
  );

  it('is written in base64url, and read with its padding or without', () => {
    const { sign, verify } = hmac({ encoding: 'base64url' });
    const contents = Array.from({ length: 50 }, (_, index) => [`${index}`]);
    for (const content of contents) {
      const signature = sign(content, 'secret');
      expect(signature).toMatch(/^[\w-]{43}$/);
      expect(verify(content, signature, 'secret')).toBe('valid');
      expect(verify(content, `${signature}=`, 'secret')).toBe('valid');
      for (const other of [`${signature}==`, `${signature} `, `+${signature.slice(1)}`, signature.slice(1)]) {
        expect(verify(content, other, 'secret')).toBe('malformed');
      }
    }
  });
});

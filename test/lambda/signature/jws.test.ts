import { createHmac, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { headerOf, jwsAlgorithm, signJws, splitJws } from '../../../lambda/signature/jws.ts';

const encode = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const pem = ({ publicKey }: { readonly publicKey: KeyObject }) =>
  publicKey.export({ format: 'pem', type: 'spki' }).toString();

const TOKEN = signJws({ typ: 'JWT' }, Buffer.from('{"a":1}'), jwsAlgorithm('HS256'), 'secret');

describe('A token in the compact serialization', () => {
  it('is split into its parts', () => {
    const { input, header, payload, signature } = splitJws(TOKEN) ?? {};
    expect(String(input)).toBe(TOKEN.slice(0, TOKEN.lastIndexOf('.')));
    expect([String(header), String(payload)]).toEqual(['{"alg":"HS256","typ":"JWT"}', '{"a":1}']);
    expect(signature).toHaveLength(32);
  });

  it.each([
    ['', 'nothing'],
    ['a', 'one part'],
    ['YQ.YQ', 'two parts'],
    ['YQ.YQ.', 'an empty signature, as `alg: none` has it'],
    ['.YQ.YQ', 'an empty header'],
    ['YQ..YQ', 'a payload that is elsewhere'],
    ['YQ.YQ.YQ.YQ', 'four parts'],
    ['YQ.YQ.YQ.', 'a dot at its end'],
    ['YQ.YQ.YQ.YQ.YQ', 'five parts, as an encrypted token has them'],
    ['YQ.YQ.YQ==', 'padding'],
    ['YQ.YQ.YQ=', 'padding that is too short'],
    ['YR.YQ.YQ', 'spare bits that are not zero'],
    ['YQ.YR.YQ', 'spare bits that are not zero, in the payload'],
    ['YQ.YQ.YR', 'spare bits that are not zero, in the signature'],
    ['Y.YQ.YQ', 'a lone character'],
    ['+/==.YQ.YQ', 'the characters of base64'],
    ['YQ.YQ.a+/a', 'the characters of base64, in the signature'],
    [' YQ.YQ.YQ', 'a blank before it'],
    ['YQ.Y\nQ.YQ', 'a line break in it'],
    ['YQ.YQ.YQ\n', 'a line break after it'],
    ['YQ.YQé.YQ', 'a character beyond ASCII'],
  ])('is refused as %j, which has %s', (token) => {
    expect(splitJws(token)).toBeUndefined();
  });

  it('is refused with a header or a signature that is longer than any provider sends', () => {
    expect(splitJws(`${'A'.repeat(16_384)}.YQ.YQ`)).toBeDefined();
    expect(splitJws(`${'A'.repeat(16_388)}.YQ.YQ`)).toBeUndefined();
    expect(splitJws(`YQ.YQ.${'A'.repeat(1_366)}`)).toBeDefined();
    expect(splitJws(`YQ.YQ.${'A'.repeat(1_367)}`)).toBeUndefined();
  });
});

describe('The header of a token', () => {
  const header = (content: unknown) => {
    const jws = splitJws(`${encode(content)}.YQ.YQ`);
    return jws && headerOf(jws, jwsAlgorithm('RS256'));
  };

  it('must name the algorithm that the token is verified with', () => {
    expect(header({ alg: 'RS256', kid: '7' })).toEqual({ alg: 'RS256', kid: '7' });
    for (const alg of ['none', 'None', 'HS256', 'ES256', 'rs256', 'RS256 ', '', undefined, null, ['RS256']]) {
      expect([alg, header({ alg, kid: '7' })]).toEqual([alg, undefined]);
    }
  });

  it('must be a JSON object without extensions that must be understood', () => {
    for (const crit of [[], ['b64'], 'b64', null]) expect(header({ alg: 'RS256', crit, b64: false })).toBeUndefined();
    for (const content of ['{', '"RS256"', '["RS256"]', 'null']) expect(header(content)).toBeUndefined();
  });
});

describe.each(['HS256', 'RS256', 'ES256'] as const)('%s', (name) => {
  const algorithm = jwsAlgorithm(name);
  const { signing, verification } = algorithm.generateKeys();
  const input = Buffer.from('a.b');
  const signature = algorithm.sign(input, signing);
  const verdict = (bytes = signature, content = input, secret = verification) => {
    const key = algorithm.keyOf(secret);
    return key && algorithm.isSignature(bytes) && algorithm.verify(content, bytes, key);
  };

  it('verifies its own signature, under its own key and over its own content alone', () => {
    expect(verdict()).toBe(true);
    expect(verdict(signature, Buffer.from('a.c'))).toBe(false);
    expect(verdict(signature, input, algorithm.generateKeys().verification)).toBe(false);
    const other = Buffer.from(signature);
    other[7] = (other[7] ?? 0) ^ 1;
    expect(verdict(other)).toBe(false);
  });

  it('takes no bytes for a signature that have the length of none', () => {
    for (const length of [0, 31, 33, 63, 65, 255]) expect(algorithm.isSignature(Buffer.alloc(length))).toBe(false);
  });

  it('takes keys of one kind only', () => {
    const key = algorithm.keyOf(verification);
    expect(key && algorithm.isKey(key)).toBe(true);
    for (const other of (['HS256', 'RS256', 'ES256'] as const).filter((each) => each !== name)) {
      expect(key && jwsAlgorithm(other).isKey(key)).toBe(false);
    }
  });
});

describe('The key of an algorithm', () => {
  const rsa = jwsAlgorithm('RS256').generateKeys();
  const ec = jwsAlgorithm('ES256').generateKeys();
  const der = (publicKey: string) => publicKey.replace(/-----[A-Z ]+-----|\s/g, '');

  it('is no public key if it is shared: anyone could sign with that', () => {
    for (const secret of [rsa.verification, ec.verification, der(rsa.verification), der(ec.verification), '']) {
      expect(jwsAlgorithm('HS256').keyOf(secret)).toBeUndefined();
    }
    expect(jwsAlgorithm('HS256').keyOf('any other text')).toBeDefined();
  });

  it('is no private key, no shorter one and none of another curve if it is public', () => {
    const short = pem(generateKeyPairSync('rsa', { modulusLength: 1_024 }));
    const pss = pem(generateKeyPairSync('rsa-pss', { modulusLength: 2_048 }));
    const p384 = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
    const ed25519 = pem(generateKeyPairSync('ed25519'));
    for (const secret of [short, pss, p384, ed25519, rsa.signing, ec.signing, 'no key', '']) {
      expect(jwsAlgorithm('RS256').keyOf(secret)).toBeUndefined();
      expect(jwsAlgorithm('ES256').keyOf(secret)).toBeUndefined();
    }
    expect(jwsAlgorithm('RS256').keyOf(ec.verification)).toBeUndefined();
    expect(jwsAlgorithm('ES256').keyOf(rsa.verification)).toBeUndefined();
    expect(jwsAlgorithm('RS256').keyOf(der(rsa.verification))).toBeDefined();
    expect(jwsAlgorithm('ES256').keyOf(der(ec.verification))).toBeDefined();
  });
});

describe('A signature', () => {
  it('with HS256 is the HMAC with SHA-256 under the characters of the secret', () => {
    const [header, payload, signature] = TOKEN.split('.');
    expect(createHmac('sha256', 'secret').update(`${header}.${payload}`).digest('base64url')).toBe(signature);
  });

  it('with ES256 is two numbers, and not DER', () => {
    const algorithm = jwsAlgorithm('ES256');
    const { signing, verification } = algorithm.generateKeys();
    const der = sign('sha256', Buffer.from('a.b'), createPrivateKey(signing));
    const key = algorithm.keyOf(verification);
    expect(key && algorithm.isSignature(der) && algorithm.verify(Buffer.from('a.b'), der, key)).toBe(false);
  });

  it('with ES256 of zeros does not count', () => {
    const algorithm = jwsAlgorithm('ES256');
    const key = algorithm.keyOf(algorithm.generateKeys().verification);
    expect(key && algorithm.verify(Buffer.from('a.b'), Buffer.alloc(64), key)).toBe(false);
  });
});

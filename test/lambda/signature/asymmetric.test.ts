import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ecdsaP256, ed25519, remembering } from '../../../lambda/signature/asymmetric.ts';

const CONTENT = ['1772366400', Buffer.from('{}')];

describe.each([
  ['Ed25519 in hex', ed25519({ encoding: 'hex' }), 'hex'],
  ['Ed25519 in base64', ed25519({ encoding: 'base64', keyPrefix: 'whpk_' }), 'base64'],
  ['Ed25519 with a key in PEM', ed25519({ encoding: 'hex', key: 'pem' }), 'hex'],
  ['Ed25519 in base64url with a key in hex', ed25519({ encoding: 'base64url', key: 'hex' }), 'base64url'],
  ['ECDSA', ecdsaP256(), 'base64'],
  ['ECDSA in hex with a key in PEM', ecdsaP256({ encoding: 'hex', key: 'pem' }), 'hex'],
  ['ECDSA with a key in hex', ecdsaP256({ key: 'hex' }), 'base64'],
] as const)('A signature with %s', (_, algorithm, encoding) => {
  const { signing, verification } = algorithm.generateKeys();
  const signature = algorithm.sign(CONTENT, signing);
  const verify = (given: string, secret = verification, content: (string | Buffer)[] = CONTENT) =>
    algorithm.verify(content, given, secret);
  const bytes = (hex: string) => Buffer.from(hex, 'hex').toString(encoding);

  it('is valid under its own key and over its own content alone', () => {
    expect(verify(signature)).toBe('valid');
    expect(verify(signature, verification, ['1772366400{}'])).toBe('valid');
    expect(verify(signature, verification, ['1772366400', '{ }'])).toBe('mismatch');
    expect(verify(signature, algorithm.generateKeys().verification)).toBe('mismatch');
  });

  it('is malformed if its format cannot be one of a signature', () => {
    const ofNoForm = ['', '!', `${signature}!`, ` ${signature}`, bytes('00'), bytes('00'.repeat(65))];
    for (const given of ofNoForm) expect([given, verify(given)]).toEqual([given, 'malformed']);
  });

  it('has the verdict `unusable_secret` if the secret is no key, and is still valid under its own afterwards', () => {
    for (const secret of ['no key', '', 'no key', bytes('ab'.repeat(31))]) {
      expect([secret, verify(signature, secret)]).toEqual([secret, 'unusable_secret']);
    }
    expect(verify(signature)).toBe('valid');
  });
});

describe('the verdict of Ed25519', () => {
  it('is that it is valid under a key without its prefix, or without the = at its end', () => {
    const { verify, sign, generateKeys } = ed25519({ encoding: 'base64', keyPrefix: 'whpk_' });
    const { signing, verification } = generateKeys();
    expect(verification).toMatch(/^whpk_.*=$/);
    for (const secret of [verification.slice(5), verification.slice(0, -1), verification.slice(5, -1)]) {
      expect(verify(CONTENT, sign(CONTENT, signing), secret)).toBe('valid');
    }
  });

  it('is that a signature a byte too short or too long is malformed', () => {
    const { verify, generateKeys } = ed25519({ encoding: 'hex' });
    const { verification } = generateKeys();
    const lengths = [63, 64, 65].map((length) => verify(CONTENT, 'ab'.repeat(length), verification));
    expect(lengths).toEqual(['malformed', 'mismatch', 'malformed']);
  });
});

describe('A public key', () => {
  it('of Ed25519 is its 32 bytes, or SubjectPublicKeyInfo', () => {
    const { signing, verification } = ed25519({ encoding: 'hex' }).generateKeys();
    const { sign, verify } = ed25519({ encoding: 'base64', key: 'hex' });
    const spki = `302a300506032b6570032100${verification}`;
    for (const secret of [verification, spki, spki.toUpperCase()]) {
      expect(verify(CONTENT, sign(CONTENT, signing), secret)).toBe('valid');
    }
  });

  it('of another algorithm or curve is unusable', () => {
    const pem = (key: ReturnType<typeof generateKeyPairSync>) =>
      key.publicKey.export({ format: 'pem', type: 'spki' }) as string;
    const ed = pem(generateKeyPairSync('ed25519'));
    const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }));
    const other = pem(generateKeyPairSync('ec', { namedCurve: 'P-384' }));
    const ofEd25519 = ed25519({ encoding: 'hex', key: 'pem' });
    const ofP256 = ecdsaP256({ encoding: 'hex', key: 'pem' });
    for (const secret of [ec, other])
      expect(ofEd25519.verify(CONTENT, 'ab'.repeat(64), secret)).toBe('unusable_secret');
    for (const secret of [ed, other]) expect(ofP256.verify(CONTENT, '30ab', secret)).toBe('unusable_secret');
    expect(ofEd25519.verify(CONTENT, 'ab'.repeat(64), ed)).toBe('mismatch');
    expect(ofP256.verify(CONTENT, '30ab', ec)).toBe('mismatch');
  });
});

describe('The cache of parsed keys', () => {
  const counting = () => {
    const parsed: string[] = [];
    const keyOf = remembering((secret) => {
      parsed.push(secret);
      if (secret === 'bad') throw new Error('no key');
      return `key of ${secret}`;
    });
    return { parsed, keyOf };
  };

  it('parses each of four secrets once, including those that are no keys', () => {
    const { parsed, keyOf } = counting();
    const secrets = ['a', 'b', 'bad', 'c'];
    const keys = ['key of a', 'key of b', undefined, 'key of c'];
    expect(secrets.map(keyOf)).toEqual(keys);
    expect(secrets.map(keyOf)).toEqual(keys);
    expect(parsed).toEqual(secrets);
  });

  it('is emptied for a fifth secret, and still returns the right key of each', () => {
    const { parsed, keyOf } = counting();
    for (const secret of ['a', 'b', 'c', 'd', 'e', 'e', 'a']) expect(keyOf(secret)).toBe(`key of ${secret}`);
    expect(parsed).toEqual(['a', 'b', 'c', 'd', 'e', 'a']);
  });
});

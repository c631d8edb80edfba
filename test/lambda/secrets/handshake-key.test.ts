import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { generateHandshakeKeyPair, handshakeKeyValue } from '../../../cli/operate/handshake/handshake-key-pair.ts';
import { HANDSHAKE_KEY_PREFIX } from '../../../lambda/secrets/handshake-key.ts';
import { previousSecret, secretResult } from '../../../lambda/secrets/signing-secret.ts';
import { sealSecret } from '../../../lambda/signature/seal-secret.ts';

const SECRET = `${'s3cret_/+=.~$-'.repeat(9)}ab`;
const pair = await generateHandshakeKeyPair();
const other = await generateHandshakeKeyPair();

const spki = {
  publicKeyEncoding: { type: 'spki', format: 'der' },
  privateKeyEncoding: { type: 'pkcs8', format: 'der' },
};
const rsa = (options: { modulusLength: number; publicExponent?: number }) =>
  generateKeyPairSync('rsa', { ...options, ...(spki as object) }).publicKey as unknown as Buffer;
const pss = () =>
  generateKeyPairSync('rsa-pss', { modulusLength: 2048, ...(spki as object) }).publicKey as unknown as Buffer;
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256', ...(spki as object) }).publicKey as unknown as Buffer;

/** A public key whose private key nobody has. Its modulus is random, because a real pair of this size takes long. */
function publicKeyOf(bits: number, lastBit = 1): string {
  const modulus = randomBytes(Math.ceil(bits / 8));
  const highest = 1 << ((bits - 1) % 8);
  modulus[0] = highest | ((modulus[0] ?? 0) & (highest - 1));
  const last = modulus.length - 1;
  modulus[last] = ((modulus[last] ?? 0) & 0xfe) | lastBit;
  const jwk = { kty: 'RSA', n: modulus.toString('base64url'), e: 'AQAB' };
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ format: 'der', type: 'spki' }).toString('base64');
}

describe('A sealed secret', () => {
  it.each([true, false])('is opened with the key that it was sealed for alone, first: %s', (isFirst) => {
    const sealed = sealSecret(SECRET, handshakeKeyValue(pair, isFirst)) ?? '';
    expect(pair.open(sealed)).toBe(SECRET);
    expect(other.open(sealed)).toBeUndefined();
    expect(sealed).not.toContain(SECRET);
    expect(sealed.length).toBeLessThan(700);
  });

  it('is not the same twice, so that nobody can try out secrets against it', () => {
    expect(sealSecret(SECRET, pair.publicKey)).not.toBe(sealSecret(SECRET, pair.publicKey));
  });

  it.each([
    ['nothing', ''],
    ['text', 'not a key at all'],
    ['a key of an elliptic curve', ec().toString('base64')],
    ['a key for RSA-PSS', pss().toString('base64')],
    ['1,024 bits', rsa({ modulusLength: 1024 }).toString('base64')],
    ['2,047 bits', publicKeyOf(2_047)],
    ['4,097 bits', publicKeyOf(4_097)],
    ['an even number of 2,048 bits, which is no modulus', publicKeyOf(2_048, 0)],
    ['2,048 bits in 1,025 characters', publicKeyOf(2_048).padEnd(1_025)],
    ['another exponent', rsa({ modulusLength: 2048, publicExponent: 3 }).toString('base64')],
    ['a text of 20,000 characters', 'A'.repeat(20_000)],
  ])('is none if the key is %s', (_, key) => {
    expect(sealSecret(SECRET, key)).toBeUndefined();
  });

  it.each([2_048, 3_072, 4_096])('may be sealed with %d bits', (bits) => {
    expect(Buffer.from(sealSecret(SECRET, publicKeyOf(bits)) ?? '', 'base64')).toHaveLength(bits / 8);
  });

  it.each(['', 'AAAA', 'not Base64!', 'A'.repeat(512)])('is not opened from %j', (sealed) => {
    expect(pair.open(sealed)).toBeUndefined();
  });
});

describe('A stored value that begins as the key of a handshake does', () => {
  it.each([
    ['the key of an operator without a secret', handshakeKeyValue(pair, true)],
    ['the key of an operator with a secret', handshakeKeyValue(pair, false)],
    ['the prefix alone', HANDSHAKE_KEY_PREFIX],
    ['the prefix before other text', 'handshake-key:x'],
  ])('is no secret, neither now nor later: %s', (_, value) => {
    expect(secretResult(value, undefined)).toEqual({
      unavailable: { reason: 'secret_awaits_handshake' },
      handshakeKey: value,
    });
    expect(previousSecret(value, 1)).toBeUndefined();
  });

  it('leaves the secret before it accepted', () => {
    const previous = { value: 'the one before', acceptedUntil: 1 };
    expect(secretResult(handshakeKeyValue(pair, true), previous)).toMatchObject({ unavailable: { previous } });
  });
});

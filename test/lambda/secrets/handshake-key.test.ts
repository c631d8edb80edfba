import { generateKeyPairSync } from 'node:crypto';
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
const ec = () => generateKeyPairSync('ec', { namedCurve: 'P-256', ...(spki as object) }).publicKey as unknown as Buffer;

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
    ['1,024 bits', rsa({ modulusLength: 1024 }).toString('base64')],
    ['another exponent', rsa({ modulusLength: 2048, publicExponent: 3 }).toString('base64')],
    ['a text of 20,000 characters', 'A'.repeat(20_000)],
  ])('is none if the key is %s', (_, key) => {
    expect(sealSecret(SECRET, key)).toBeUndefined();
  });

  it.each(['', 'AAAA', 'not Base64!', 'A'.repeat(512)])('is not opened from %j', (sealed) => {
    expect(pair.open(sealed)).toBeUndefined();
  });
});

describe('A stored value that begins as the key of a handshake does', () => {
  const values = [
    handshakeKeyValue(pair, true),
    handshakeKeyValue(pair, false),
    HANDSHAKE_KEY_PREFIX,
    'handshake-key:x',
  ];

  it.each(values)('is no secret, neither now nor later: %.30s', (value) => {
    expect(secretResult(value, undefined)).toEqual({
      unavailable: { reason: 'secret_awaits_handshake' },
      handshakeKey: value,
    });
    expect(previousSecret(value, 1)).toBeUndefined();
  });

  it('leaves the secret before it accepted', () => {
    const previous = { value: 'the one before', acceptedUntil: 1 };
    expect(secretResult(values[0] ?? '', previous)).toMatchObject({ unavailable: { previous } });
  });
});

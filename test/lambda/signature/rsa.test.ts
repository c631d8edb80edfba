import { constants, createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { toPem } from '../../../lambda/signature/asymmetric.ts';
import { rsa } from '../../../lambda/signature/rsa.ts';

const CONTENT = ['1772366400.', Buffer.from('{}')];
const { signing, verification } = rsa().generateKeys();
const der = verification.replace(/-----[A-Z ]+-----|\s/g, '');

/** Made by Node.js itself, with the private key and this padding. */
const signatureOf = (options: object, hash = 'sha256') =>
  sign(hash, Buffer.from('1772366400.{}'), { key: createPrivateKey(signing), ...options }).toString('base64');

const PKCS1 = { padding: constants.RSA_PKCS1_PADDING };
const PSS = { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 };

describe.each([
  ['PKCS #1 v1.5', rsa(), signatureOf(PKCS1), signatureOf(PSS)],
  ['PSS', rsa({ padding: 'pss' }), signatureOf(PSS), signatureOf(PKCS1)],
])('RSA with a pinned public key and %s', (_, algorithm, signature, ofOtherPadding) => {
  const verify = (given = signature, secret = verification, content: (string | Buffer)[] = CONTENT) =>
    algorithm.verify(content, given, secret);

  it('is valid under its own key, with its own padding and over its own content alone', () => {
    expect(verify()).toBe('valid');
    expect(verify(algorithm.sign(CONTENT, signing))).toBe('valid');
    expect(verify(signature, verification, ['1772366400.{ }'])).toBe('mismatch');
    expect(verify(signature, algorithm.generateKeys().verification)).toBe('mismatch');
    expect(verify(ofOtherPadding)).toBe('mismatch');
  });

  it('is valid under the key in PEM, and in base64 without the lines around it', () => {
    for (const secret of [verification, verification.trim(), der, der.replace(/=+$/, '')]) {
      expect(verify(signature, secret)).toBe('valid');
    }
  });

  it('is malformed if its format cannot be one of a signature', () => {
    for (const given of ['', '!', ` ${signature}`, `${signature}\n`]) {
      expect([given, verify(given)]).toEqual([given, 'malformed']);
    }
    expect(verify('AAAA')).toBe('mismatch');
  });

  it('has the verdict `unusable_secret` if the secret is no RSA key of 2,048 bits, or a private key', () => {
    const short = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey;
    const pss = generateKeyPairSync('rsa-pss', { modulusLength: 2_048 }).publicKey;
    const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey;
    const others = [short, pss, ec].map((key) => key.export({ format: 'pem', type: 'spki' }).toString());
    for (const secret of ['', 'no key', signing, ...others]) {
      expect([secret, verify(signature, secret)]).toEqual([secret, 'unusable_secret']);
    }
  });
});

describe('an RSA signature', () => {
  it('with SHA-1 does not count', () => {
    expect(rsa().verify(CONTENT, signatureOf(PKCS1, 'sha1'), verification)).toBe('mismatch');
  });

  it('with another length of the salt does not count', () => {
    const other = signatureOf({ ...PSS, saltLength: 20 });
    expect(rsa({ padding: 'pss' }).verify(CONTENT, other, verification)).toBe('mismatch');
  });

  it('may be in hex', () => {
    const algorithm = rsa({ encoding: 'hex' });
    const signature = algorithm.sign(CONTENT, toPem(createPrivateKey(signing)));
    expect(signature).toMatch(/^[0-9a-f]{512}$/);
    expect(algorithm.verify(CONTENT, signature, verification)).toBe('valid');
  });
});

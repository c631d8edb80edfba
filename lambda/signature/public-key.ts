import { createPublicKey, type KeyObject } from 'node:crypto';
import { remembering } from './asymmetric.ts';

/** The smallest RSA key that is accepted, in bits. https://www.rfc-editor.org/rfc/rfc7518#section-3.3 */
const MIN_RSA_BITS = 2_048;

/** An RSA key of at least 2,048 bits. */
export function isRsaKey(key: KeyObject): boolean {
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  return key.asymmetricKeyType === 'rsa' && bits >= MIN_RSA_BITS;
}

/** A key on the curve P-256. */
export function isP256Key(key: KeyObject): boolean {
  return key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}

/**
 * Reads pinned public keys, each from a secret: SubjectPublicKeyInfo in PEM, or its DER in base64.
 * @param isKey whether a key is one of the scheme
 * @returns the key; undefined if the secret is no such key
 */
export function pinnedKey(isKey: (key: KeyObject) => boolean): (secret: string) => KeyObject | undefined {
  return remembering((secret) => {
    const key = parsePublicKey(secret);
    if (!isKey(key)) throw new TypeError('Another kind of key.');
    return key;
  });
}

/** Whether a text is a public key in one of the forms of {@link pinnedKey}: such a text is no shared secret. */
export function isPublicKey(text: string): boolean {
  try {
    return parsePublicKey(text).type === 'public';
  } catch {
    return false;
  }
}

/** Node.js would also take a private key, and derive the public one from it. Nobody is meant to store a private key here. */
function parsePublicKey(text: string): KeyObject {
  if (text.includes('PRIVATE KEY')) throw new TypeError('A private key.');
  if (text.includes('-----BEGIN ')) return createPublicKey(text);
  return createPublicKey({ key: Buffer.from(text, 'base64'), format: 'der', type: 'spki' });
}

import { constants, createPublicKey, type KeyObject, publicEncrypt } from 'node:crypto';

/** The bounds of the key's size, in bits. A longer one would cost time with each handshake that anyone sends. */
const KEY_BITS = { min: 2048, max: 4096 } as const;

/** The longest public key, in characters of Base64: that of 4,096 bits has 736. */
const MAX_KEY_CHARACTERS = 1_024;

/** The public exponent of all common keys. A large one would be slow. */
const EXPONENT = 65_537n;

/**
 * Seals a secret that a handshake handed out, so that only the operator who waits for it can read it: RSA-OAEP with
 * SHA-256.
 * @param secret at most 190 bytes
 * @param publicKey Base64 of a SubjectPublicKeyInfo, after a prefix that ends with a colon; or anything else
 * @returns Base64; undefined if the key is not usable
 * @see https://www.rfc-editor.org/rfc/rfc8017#section-7.1
 */
export function sealSecret(secret: string, publicKey: string): string | undefined {
  const base64 = publicKey.slice(publicKey.lastIndexOf(':') + 1);
  if (base64.length > MAX_KEY_CHARACTERS) return undefined;
  try {
    const key = createPublicKey({ key: Buffer.from(base64, 'base64'), format: 'der', type: 'spki' });
    return isUsable(key) ? sealedWith(key, secret) : undefined;
  } catch {
    // Damage to a key, such as an even modulus, may show only when it is used.
    return undefined;
  }
}

function sealedWith(key: KeyObject, secret: string): string {
  const options = { key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  return publicEncrypt(options, Buffer.from(secret)).toString('base64');
}

function isUsable({ asymmetricKeyType, asymmetricKeyDetails = {} }: KeyObject): boolean {
  const { modulusLength = 0, publicExponent } = asymmetricKeyDetails;
  const isOfSize = modulusLength >= KEY_BITS.min && modulusLength <= KEY_BITS.max;
  return asymmetricKeyType === 'rsa' && isOfSize && publicExponent === EXPONENT;
}

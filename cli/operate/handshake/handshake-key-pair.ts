import { constants, generateKeyPair, privateDecrypt } from 'node:crypto';
import { promisify } from 'node:util';
import { HANDSHAKE_KEY_PREFIX } from '../../../lambda/secrets/handshake-key.ts';

/** A key pair for one wait for a handshake. The private key is in memory alone. */
export interface HandshakeKeyPair {
  /** Base64 of the public key, as SubjectPublicKeyInfo. */
  readonly publicKey: string;
  /**
   * Opens what the receiver has sealed.
   * @param sealed Base64
   * @returns undefined if it was sealed for another key
   */
  readonly open: (sealed: string) => string | undefined;
}

/** In bits. What is sealed stays in the log, so the key must stay strong for years. */
const MODULUS_BITS = 3072;

/** Generates a key pair: RSA of 3,072 bits. */
export async function generateHandshakeKeyPair(): Promise<HandshakeKeyPair> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', { modulusLength: MODULUS_BITS });
  const options = { key: privateKey, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha256' };
  return {
    publicKey: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'),
    open(sealed) {
      try {
        return privateDecrypt(options, Buffer.from(sealed, 'base64')).toString();
      } catch {
        return undefined;
      }
    },
  };
}

/** Marks the key of a source that had no secret before. */
const FIRST = `${HANDSHAKE_KEY_PREFIX}first:`;

/**
 * The value that is stored in the place of a source's secret while an operator waits for its handshake.
 * @param isFirst whether the source had no secret before
 */
export function handshakeKeyValue({ publicKey }: HandshakeKeyPair, isFirst: boolean): string {
  return `${isFirst ? FIRST : HANDSHAKE_KEY_PREFIX}${publicKey}`;
}

/** Whether a stored key is that of a source that had no secret before. */
export const isFirstHandshakeKey = (value: string): boolean => value.startsWith(FIRST);

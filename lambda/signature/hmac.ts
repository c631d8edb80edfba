import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Algorithm, decode, decodeKey, type Encoding, type SignedContent } from './algorithm.ts';

/**
 * How a secret is written.
 * - `text`: the characters of the secret are the key
 * - `hex`, `base64`: the key is what the secret encodes. The `=` at the end of base64 may be missing
 * - `whsec_`: base64 after `whsec_` or `v1,whsec_`. A secret without either is base64 as a whole
 */
export type KeyForm = 'text' | 'hex' | 'base64' | 'whsec_';

/** The hash functions of an HMAC. */
export type HmacHash = 'sha256' | 'sha512' | 'sha1';

/** A variant of HMAC. */
export interface HmacOptions {
  /** The encoding of the signature. */
  readonly encoding: Encoding;
  /** @default sha256 */
  readonly hash?: HmacHash;
  /** How the secret is written. A secret that is written in another way is unusable. @default text */
  readonly key?: KeyForm;
  /** A secret that the provider publishes. It proves nothing, and is never accepted. @default - none */
  readonly knownToAll?: string;
}

const DIGEST_BYTES: Record<HmacHash, number> = { sha1: 20, sha256: 32, sha512: 64 };

/**
 * An HMAC with a shared secret.
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
export function hmac({ encoding, hash = 'sha256', key: form = 'text', knownToAll }: HmacOptions): Algorithm {
  function digest(signedContent: SignedContent, key: string | Buffer): Buffer {
    const mac = createHmac(hash, key);
    for (const part of signedContent) mac.update(part);
    return mac.digest();
  }

  return {
    verify(signedContent, signature, secret) {
      const claimed = decode(signature, encoding);
      if (claimed?.length !== DIGEST_BYTES[hash]) return 'malformed';
      const key = secret === knownToAll ? undefined : KEYS[form].read(secret);
      if (!key?.length) return 'unusable_secret';
      return timingSafeEqual(claimed, digest(signedContent, key)) ? 'valid' : 'mismatch';
    },
    sign: (signedContent, key) => digest(signedContent, KEYS[form].read(key) ?? '').toString(encoding),
    generateKeys() {
      const secret = KEYS[form].write(randomBytes(32));
      return { signing: secret, verification: secret };
    },
  };
}

/** What precedes the base64 of a secret. Some dashboards, such as Supabase's, show the version too. */
const WHSEC = /^(?:v1,)?whsec_/;

interface KeyFormat {
  /** The key; undefined if the secret is not in the form. */
  readonly read: (secret: string) => string | Buffer | undefined;
  readonly write: (key: Buffer) => string;
}

const KEYS: Record<KeyForm, KeyFormat> = {
  text: { read: (secret) => secret, write: (key) => key.toString('hex') },
  hex: { read: (secret) => decodeKey(secret, 'hex'), write: (key) => key.toString('hex') },
  base64: { read: (secret) => decodeKey(secret, 'base64'), write: (key) => key.toString('base64') },
  whsec_: {
    read: (secret) => decodeKey(secret.replace(WHSEC, ''), 'base64'),
    write: (key) => `whsec_${key.toString('base64')}`,
  },
};

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Algorithm, decode, decodeKey, type Encoding, type SignedContent } from './algorithm.ts';

/** A variant of HMAC. */
export interface HmacOptions {
  readonly encoding: Encoding;
  /** @default sha256 */
  readonly hash?: 'sha256' | 'sha1';
  /**
   * The prefixes of a secret whose key is the base64 after one of them. A secret without a prefix is base64 as a whole.
   * The `=` at its end may be missing. A generated secret has the first prefix.
   * @default - the characters of the secret are the key
   */
  readonly base64After?: readonly [string, ...string[]];
  /** A secret that the provider publishes. It proves nothing, and is never accepted. @default - none */
  readonly knownToAll?: string;
}

/**
 * An HMAC with a shared secret.
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
export function hmac({ encoding, hash = 'sha256', base64After, knownToAll }: HmacOptions): Algorithm {
  const digestBytes = hash === 'sha256' ? 32 : 20;
  const keyOf = (secret: string) => (base64After === undefined ? secret : base64Key(secret, base64After));

  function digest(signedContent: SignedContent, key: string | Buffer): Buffer {
    const mac = createHmac(hash, key);
    for (const part of signedContent) mac.update(part);
    return mac.digest();
  }

  return {
    verify(signedContent, signature, secret) {
      const claimed = decode(signature, encoding);
      if (claimed?.length !== digestBytes) return 'malformed';
      const key = secret === knownToAll ? undefined : keyOf(secret);
      if (key === undefined) return 'unusable_secret';
      return timingSafeEqual(claimed, digest(signedContent, key)) ? 'valid' : 'mismatch';
    },
    sign: (signedContent, key) => digest(signedContent, keyOf(key) ?? '').toString(encoding),
    generateKeys() {
      const bytes = randomBytes(32);
      const secret = base64After === undefined ? bytes.toString('hex') : base64After[0] + bytes.toString('base64');
      return { signing: secret, verification: secret };
    },
  };
}

function base64Key(secret: string, prefixes: readonly string[]): Buffer | undefined {
  const prefix = prefixes.find((each) => secret.startsWith(each)) ?? '';
  const key = decodeKey(secret.slice(prefix.length), 'base64');
  return key?.length ? key : undefined;
}

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SignatureScheme, Verdict } from './scheme.ts';
import { onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';

/** How an HMAC travels. */
export interface HmacOptions {
  /** The header that carries it, in lower case. */
  readonly header: string;
  /** What stands before the digest, such as `sha256=`. */
  readonly prefix?: string;
  readonly encoding: 'hex' | 'base64';
}

/**
 * HMAC-SHA-256 over the raw body, in a header of its own.
 * @see https://www.rfc-editor.org/rfc/rfc2104
 */
export function hmac({ header, prefix = '', encoding }: HmacOptions): SignatureScheme {
  const digest = (request: SignedRequest, secret: string) => createHmac('sha256', secret).update(request.body).digest();
  return {
    verify(request, { secret }): Verdict {
      const claim = onlyValue(request.headers, header);
      if (claim === undefined) return 'missing';
      const claimed = claim.startsWith(prefix) ? decode(claim.slice(prefix.length), encoding) : undefined;
      if (claimed?.length !== 32) return 'malformed';
      return timingSafeEqual(claimed, digest(request, secret)) ? 'valid' : 'mismatch';
    },
    sign: (request, { key }) => withHeaders(request, { [header]: prefix + digest(request, key).toString(encoding) }),
    generateKeys() {
      const secret = randomBytes(32).toString('hex');
      return { signing: secret, verification: secret };
    },
  };
}

const FORMS = { hex: /^(?:[0-9a-f]{2})+$/i, base64: /^[A-Za-z0-9+/]+={0,2}$/ };

/** The bytes, or undefined where `Buffer.from` would skip or cut what does not belong. */
function decode(text: string, encoding: 'hex' | 'base64'): Buffer | undefined {
  return FORMS[encoding].test(text) ? Buffer.from(text, encoding) : undefined;
}

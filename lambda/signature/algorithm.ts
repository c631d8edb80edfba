import type { SigningKeys, Verdict } from './scheme.ts';

/** The bytes that a signature covers, in parts. The parts follow each other without a separator. */
export type SignedContent = readonly (string | Buffer)[];

/** A way to sign. */
export interface Algorithm {
  /** Verifies one signature, given as text, in constant time. */
  readonly verify: (signedContent: SignedContent, signature: string, secret: string) => Verdict;
  /** Signs the content with the signing secret or the private key. */
  readonly sign: (signedContent: SignedContent, key: string) => string;
  /** Generates keys in the format of the provider's dashboard. */
  readonly generateKeys: () => SigningKeys;
}

/** How bytes are written as text. */
export type Encoding = 'hex' | 'base64' | 'base64url';

const FORMS: Record<Encoding, RegExp> = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  // RFC 4648, section 5. The padding may be missing.
  base64url: /^(?:[\w-]{4})*(?:[\w-]{2}(?:==)?|[\w-]{3}=?)?$/,
};

/** The bytes, or undefined for text that is not in the encoding, of which `Buffer.from` would skip characters. */
export function decode(text: string, encoding: Encoding): Buffer | undefined {
  return FORMS[encoding].test(text) ? Buffer.from(text, encoding) : undefined;
}

/** The bytes of a key, which somebody has copied: the `=` at the end of base64 may be missing. Undefined as for `decode`. */
export function decodeKey(text: string, encoding: Encoding): Buffer | undefined {
  return decode(encoding === 'base64' ? text.padEnd(Math.ceil(text.length / 4) * 4, '=') : text, encoding);
}

/** The signed content in one buffer. */
export function join(signedContent: SignedContent): Buffer {
  return Buffer.concat(signedContent.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

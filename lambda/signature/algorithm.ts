import type { SigningKeys, Verdict } from './scheme.ts';

/** What is signed, in the parts that it is put together from. */
export type Content = readonly (string | Buffer)[];

/** A way to sign content. */
export interface Algorithm {
  /** Checks one signature, as text, in constant time. */
  readonly verify: (content: Content, signature: string, secret: string) => Verdict;
  readonly sign: (content: Content, key: string) => string;
  readonly generateKeys: () => SigningKeys;
}

/** How bytes are written as text. */
export type Encoding = 'hex' | 'base64';

const FORMS: Record<Encoding, RegExp> = {
  hex: /^(?:[0-9a-f]{2})+$/i,
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
};

/** The bytes, or undefined where `Buffer.from` would skip or cut what does not belong. */
export function decode(text: string, encoding: Encoding): Buffer | undefined {
  return FORMS[encoding].test(text) ? Buffer.from(text, encoding) : undefined;
}

/** Content as one run of bytes. */
export function join(content: Content): Buffer {
  return Buffer.concat(content.map((part) => (typeof part === 'string' ? Buffer.from(part) : part)));
}

import type { Encoding } from '../lambda/signature/algorithm.ts';

/** A signature within the value of its header. */
export interface Digest {
  /** The text before it, such as `sha256=` or `t=1764000000,v1=`. */
  readonly before: string;
  readonly text: string;
  readonly encoding: Encoding;
}

/** The longest digest: SHA-512 in hex. */
const MAX_LENGTH = 128;

/** Each matches a digest at the end of a text. In base64, a digest begins with the text or after a separator. */
const FORMS: readonly (readonly [Encoding, RegExp])[] = [
  ['hex', /(?<![0-9a-f])[0-9a-f]{40,128}$/i],
  ['base64', /(?<![^,= :])[A-Za-z0-9+/]{27,86}={0,2}$/],
];

/** Finds the digest at the end of a header's value. @returns undefined if there is none, as in a token */
export function digestIn(value: string): Digest | undefined {
  // The rest of a long value would be searched in vain.
  const end = value.slice(-MAX_LENGTH);
  for (const [encoding, form] of FORMS) {
    const [text] = form.exec(end) ?? [];
    if (text !== undefined) return { before: value.slice(0, -text.length), text, encoding };
  }
  return undefined;
}

/** The header's value with all bits of one byte inverted. @param index negative: from the end */
export function withWrongByte({ before, text, encoding }: Digest, index: number): string {
  const bytes = Buffer.from(text, encoding);
  const at = index < 0 ? bytes.length + index : index;
  bytes[at] = 255 - (bytes[at] ?? 0);
  return before + bytes.toString(encoding);
}

import type { Encoding } from '../lambda/signature/algorithm.ts';

/** A signature within the value of its header. */
export interface Digest {
  /** What stands before it, such as `sha256=` or `t=1764000000,v1=`. */
  readonly before: string;
  readonly text: string;
  readonly encoding: Encoding;
}

const FORMS: readonly (readonly [Encoding, RegExp])[] = [
  ['hex', /^(.*?)([0-9a-f]{40,128})$/i],
  ['base64', /^(|.*?[,= :])([A-Za-z0-9+/]{27,86}={0,2})$/],
];

/** Finds it at the end of a value; undefined where the value is no digest, but a token, for example. */
export function digestIn(value: string): Digest | undefined {
  for (const [encoding, form] of FORMS) {
    const [, before, text] = form.exec(value) ?? [];
    if (before !== undefined && text !== undefined) return { before, text, encoding };
  }
  return undefined;
}

/** The same signature with the bits of one of its bytes inverted. @param index negative counts from the end */
export function withWrongByte({ before, text, encoding }: Digest, index: number): string {
  const bytes = Buffer.from(text, encoding);
  const at = index < 0 ? bytes.length + index : index;
  bytes[at] = 255 - (bytes[at] ?? 0);
  return before + bytes.toString(encoding);
}

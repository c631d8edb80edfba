import type { X509Certificate } from 'node:crypto';

/** The tags of the types that certificates consist of. */
export const TAG = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
} as const;

/** A value in DER. */
interface DerValue {
  readonly tag: number;
  readonly content: Buffer;
}

/**
 * A value in DER.
 * @see https://www.itu.int/rec/T-REC-X.690
 */
export function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const { length } = content;
  return Buffer.concat([Buffer.from([tag, ...sizeOf(length)]), content]);
}

/** @param length below 65,536 */
function sizeOf(length: number): readonly number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

/** The values that follow each other in some bytes of a certificate, up to the first that is not whole. */
function valuesIn(bytes: Buffer): readonly DerValue[] {
  const values: DerValue[] = [];
  let rest = bytes;
  while (rest.length >= 2) {
    const { tag, start, end } = headIn(rest);
    if (end > rest.length) return values;
    values.push({ tag, content: rest.subarray(start, end) });
    rest = rest.subarray(end);
  }
  return values;
}

/** Where a value starts and ends. No certificate has a value whose length takes more than four bytes. */
function headIn(bytes: Buffer) {
  const [tag = 0, first = 0] = bytes;
  const size = first < 0x80 ? 0 : first & 0x7f;
  const start = 2 + size;
  if (size > 4 || start > bytes.length) return { tag, start, end: Number.POSITIVE_INFINITY };
  return { tag, start, end: start + (size === 0 ? first : bytes.readUIntBE(2, size)) };
}

/**
 * Whether a certificate has an extension. It is looked up where extensions are, because the same bytes could be a part of
 * a name, which the holder of a certificate may have chosen.
 * @param oid the content of the extension's object identifier
 */
export function hasExtension({ raw }: X509Certificate, oid: Buffer): boolean {
  const [certificate] = valuesIn(raw);
  const [toBeSigned] = certificate ? valuesIn(certificate.content) : [];
  const field = toBeSigned && valuesIn(toBeSigned.content).find(({ tag }) => tag === TAG.extensions);
  const [list] = field ? valuesIn(field.content) : [];
  const extensions = list ? valuesIn(list.content) : [];
  return extensions.some((extension) => valuesIn(extension.content)[0]?.content.equals(oid));
}

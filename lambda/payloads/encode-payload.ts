import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { MAX_ITEM_BYTES } from './item-bytes.ts';
import type { EncodedPayload } from './payload.ts';
import { writeUnits } from './write-units.ts';

/** What surrounds a payload in its item. */
export interface EncodePayloadOptions {
  /** The source's name, under which large payloads are kept in the bucket. */
  readonly source: string;
  /** What precedes the source's name in the key. @default - nothing */
  readonly prefix?: string | undefined;
  /** The size of the other attributes, in bytes. */
  readonly otherBytes: number;
}

const NAME_BYTES = 'payload'.length + 'payload_sha256'.length + 64;
const ENCODING_BYTES = 'payload_encoding'.length + 'gzip'.length;

/**
 * Compresses a payload where that saves write units, so that a small one stays readable, and moves it into an object
 * where no item could hold it. Bytes that are not UTF-8 are always compressed: an attribute holds text or bytes.
 */
export function encodePayload(
  bytes: Buffer,
  { source, prefix = '', otherBytes }: EncodePayloadOptions,
): EncodedPayload {
  const payload_sha256 = createHash('sha256').update(bytes).digest('hex');
  const rest = otherBytes + NAME_BYTES;
  const isText = isUtf8(bytes);
  if (isText && writeUnits(rest + bytes.length) === 1) return plain(bytes, payload_sha256);
  const compressed = gzipSync(bytes);
  const saves = writeUnits(rest + ENCODING_BYTES + compressed.length) < writeUnits(rest + bytes.length);
  const isCompressed = saves || !isText;
  const size = rest + (isCompressed ? ENCODING_BYTES + compressed.length : bytes.length);
  const encoding = isCompressed ? ({ payload_encoding: 'gzip' } as const) : {};
  if (size > MAX_ITEM_BYTES) {
    const key = `${prefix}${source}/${payload_sha256}`;
    const object = { key, bytes: isCompressed ? compressed : bytes };
    return { attributes: { payload_object: key, ...encoding, payload_sha256 }, object };
  }
  return isCompressed
    ? { attributes: { payload: compressed, ...encoding, payload_sha256 } }
    : plain(bytes, payload_sha256);
}

function plain(bytes: Buffer, payload_sha256: string): EncodedPayload {
  return { attributes: { payload: bytes.toString(), payload_sha256 } };
}

import { gzipSync } from 'node:zlib';

/** The unit in which DynamoDB counts what is written: 1 KB, rounded up. */
const WRITE_UNIT_BYTES = 1024;

/** A payload, as it is stored. */
export interface StoredPayload {
  readonly payload: string | Uint8Array;
  readonly payload_encoding?: 'gzip';
}

/**
 * Compresses a payload where that saves write units; a small one stays readable.
 * @param bytes UTF-8
 * @param otherBytes the size of the rest of the item
 */
export function compressPayload(bytes: Buffer, otherBytes: number): StoredPayload {
  const plain = { payload: bytes.toString() };
  if (otherBytes + bytes.length <= WRITE_UNIT_BYTES) return plain;
  const compressed = gzipSync(bytes);
  const encoded = { payload: compressed, payload_encoding: 'gzip' } as const;
  const encodedBytes = compressed.length + 'payload_encoding'.length + encoded.payload_encoding.length;
  return writeUnits(otherBytes + encodedBytes) < writeUnits(otherBytes + bytes.length) ? encoded : plain;
}

const writeUnits = (bytes: number) => Math.ceil(bytes / WRITE_UNIT_BYTES);

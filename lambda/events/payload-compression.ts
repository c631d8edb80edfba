import { gzipSync } from 'node:zlib';
import { writeUnits } from './write-units.ts';

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
  if (writeUnits(otherBytes + bytes.length) === 1) return plain;
  const compressed = gzipSync(bytes);
  const encoded = { payload: compressed, payload_encoding: 'gzip' } as const;
  const encodedBytes = compressed.length + 'payload_encoding'.length + encoded.payload_encoding.length;
  return writeUnits(otherBytes + encodedBytes) < writeUnits(otherBytes + bytes.length) ? encoded : plain;
}

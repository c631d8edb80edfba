import { gunzipSync } from 'node:zlib';
import type { PayloadAttributes } from './payload.ts';

/**
 * The bytes of a payload as they were received.
 * @param object the content of the payload bucket's object, for an item that names one
 * @returns undefined where the item names an object, and none is given
 */
export function decodePayload(attributes: Partial<PayloadAttributes>, object?: Uint8Array): Buffer | undefined {
  const stored = attributes.payload_object === undefined ? attributes.payload : object;
  if (stored === undefined) return undefined;
  return attributes.payload_encoding === 'gzip' ? gunzipSync(stored) : Buffer.from(stored as Uint8Array);
}

import { createHash } from 'node:crypto';
import { decodePayload } from '../../../lambda/payloads/decode-payload.ts';
import type { PayloadAttributes } from '../../../lambda/payloads/payload.ts';
import { UsageError } from '../../arguments.ts';
import { printableLine } from '../../printable.ts';
import type { PayloadObjects } from './payload-objects.ts';

/** An item of the events table or of the quarantine. */
type StoredPayload = PayloadAttributes & { readonly id: string };

/**
 * The payload of an item, as it was received.
 * @throws {UsageError} if it is not the payload that the item names by its SHA-256
 */
export async function readPayload(item: StoredPayload, payloads: Pick<PayloadObjects, 'get'>): Promise<Buffer> {
  const { payload_object: key, payload_sha256 } = item;
  const payload = decoded(item, key === undefined ? undefined : await payloads.get(key));
  const isIntact = payload && createHash('sha256').update(payload).digest('hex') === payload_sha256;
  if (!isIntact) throw new UsageError(`The payload of ${printableLine(item.id)} is not the one that was received.`);
  return payload;
}

/** @returns undefined also for bytes that are not compressed, although the item says so */
function decoded(item: StoredPayload, object: Uint8Array | undefined): Buffer | undefined {
  try {
    return decodePayload(item, object);
  } catch {
    return undefined;
  }
}

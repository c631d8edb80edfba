import { createHash } from 'node:crypto';
import { compressPayload } from './payload-compression.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** An item of the events table, as the README describes it. */
export interface EventItem {
  /** `<source>#<event_id>`, the partition key. */
  readonly id: string;
  readonly source: string;
  readonly provider: string;
  readonly event_id: string;
  readonly event_type?: string;
  /** ISO 8601, UTC. */
  readonly occurred_at?: string;
  /** ISO 8601, UTC, milliseconds. */
  readonly received_at: string;
  /** Epoch seconds; the table's TTL attribute. */
  readonly expires_at: number;
  readonly data: Readonly<Record<string, unknown>>;
  /** The raw body: a string, or bytes where `payload_encoding` names their compression. */
  readonly payload: string | Uint8Array;
  readonly payload_encoding?: string;
  /** Hex SHA-256 of the uncompressed payload. */
  readonly payload_sha256: string;
}

/**
 * The largest item that DynamoDB stores, in bytes, names of attributes included.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
 */
const MAX_ITEM_BYTES = 400 * 1024;

/** The item of an event, or undefined where it is too large for DynamoDB even when compressed. */
export function toItem(event: WebhookEvent): EventItem | undefined {
  const rest = withoutPayload(event);
  const payload = compressPayload(event.payload, itemBytes(rest) + 'payload'.length);
  const item = { ...rest, ...payload };
  return itemBytes(item) > MAX_ITEM_BYTES ? undefined : item;
}

function withoutPayload(event: WebhookEvent): Omit<EventItem, 'payload' | 'payload_encoding'> {
  const { source, provider, id, type, occurredAt, receivedAt, data } = event;
  return {
    id: `${source}#${id}`,
    source,
    provider,
    event_id: id,
    ...(type !== undefined && { event_type: type }),
    ...(occurredAt !== undefined && { occurred_at: new Date(occurredAt).toISOString() }),
    received_at: new Date(receivedAt).toISOString(),
    expires_at: expiresAt(event),
    data,
    payload_sha256: createHash('sha256').update(event.payload).digest('hex'),
  };
}

/** Epoch seconds. Counted from the signed time where that is later, so that no event outlives its item. */
function expiresAt({ receivedAt, signedAt, retentionSeconds }: WebhookEvent): number {
  return Math.floor(Math.max(receivedAt, signedAt ?? 0) / 1000) + retentionSeconds;
}

/** The most that DynamoDB counts for a number: 38 digits, two to a byte, and two bytes more. */
const NUMBER_BYTES = 21;
const CONTAINER_BYTES = 3;

/**
 * What DynamoDB counts as an item's size, in bytes; numbers count as the longest.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
function itemBytes(value: unknown): number {
  if (typeof value === 'string') return Buffer.byteLength(value);
  if (value instanceof Uint8Array) return value.length;
  if (typeof value === 'number') return NUMBER_BYTES;
  if (typeof value !== 'object' || value === null) return 1;
  const entries = Object.entries(value);
  const names = Array.isArray(value) ? 0 : Buffer.byteLength(entries.map(([name]) => name).join(''));
  return entries.reduce((sum, [, each]) => sum + 1 + itemBytes(each), CONTAINER_BYTES + names);
}

import type { EventItem } from '../events/event-item.ts';
import { decodePayload } from '../payloads/decode-payload.ts';

/** The entry of an event on the bus. */
export interface BusEntry {
  readonly source: string;
  readonly detailType: string;
  /** JSON. */
  readonly detail: string;
  /** When the event was received. */
  readonly time: Date;
}

/**
 * The largest entry that EventBridge takes, in bytes.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 */
export const MAX_ENTRY_BYTES = 256 * 1024;

/** The size of an entry's time as EventBridge counts it, in bytes. */
const TIME_BYTES = 14;
const MAX_DETAIL_TYPE_CHARACTERS = 128;

/** Where consumers find what an entry leaves out. */
export interface BusEntryOptions {
  readonly tableName: string;
  readonly payloadBucketName: string;
}

/**
 * The entry of an item: its metadata and its payload. Where an entry cannot hold both, `payload_omitted` is in the
 * payload's place: the payload is in the item of that `id` in `table`, or in the object `payload_object` of `bucket`.
 */
export function toBusEntry(item: EventItem, { tableName, payloadBucketName }: BusEntryOptions): BusEntry {
  const { payload: _, payload_encoding, expires_at, ...metadata } = item;
  const base = {
    source: `webhook-inbox.${item.source}`,
    // EventBridge refuses half a surrogate pair, at every attempt.
    detailType: (item.event_type ?? 'event').slice(0, MAX_DETAIL_TYPE_CHARACTERS).toWellFormed(),
    time: new Date(item.received_at),
  };
  const payload = decodePayload(item);
  if (!payload) {
    const omitted = { payload_omitted: true, payload_encoding, bucket: payloadBucketName };
    return { ...base, detail: JSON.stringify({ ...metadata, ...omitted }) };
  }
  const whole = { ...base, detail: withPayload(metadata, payload.toString()) };
  if (entryBytes(whole) <= MAX_ENTRY_BYTES) return whole;
  return { ...base, detail: JSON.stringify({ ...metadata, payload_omitted: true, table: tableName }) };
}

/** A JSON payload is copied into the detail as text, so that no number in it is rounded. */
function withPayload(metadata: Readonly<Record<string, unknown>>, payload: string): string {
  const json = isJson(payload) ? payload : JSON.stringify(payload);
  return `${JSON.stringify(metadata).slice(0, -1)},"payload":${json}}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function entryBytes({ source, detailType, detail }: BusEntry): number {
  return TIME_BYTES + Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);
}

import { isUtf8 } from 'node:buffer';
import type { EventItem } from '../events/event-item.ts';
import { decodePayload } from '../payloads/decode-payload.ts';
import { isBusJson } from './bus-json.ts';

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
 * The most bytes that one request puts on the bus. EventBridge takes less than 1 MB, counted over all entries of the
 * request. The margin is for what its documentation does not count.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevents.html#eb-putevent-size
 */
export const MAX_REQUEST_BYTES = 1_000_000 - 8_192;

/** The size of an entry's time as EventBridge counts it, in bytes. */
const TIME_BYTES = 14;
const MAX_DETAIL_TYPE_CHARACTERS = 128;

/** Where consumers find what an entry leaves out. */
export interface BusEntryOptions {
  readonly tableName: string;
  readonly payloadBucketName: string;
}

/**
 * The entry of an item: its metadata and its payload, character for character. A payload that EventBridge does not take
 * as JSON is text, in `payload_text`. The entry is that of {@link withoutPayload} if the payload is too large, is an
 * object of the bucket, or is not UTF-8.
 */
export function toBusEntry(item: EventItem, options: BusEntryOptions): BusEntry {
  const short = withoutPayload(item, options);
  const payload = payloadOf(item);
  if (payload === undefined) return short;
  const whole = { ...short, detail: withPayload(metadataOf(item), payload) };
  return entryBytes(whole) <= MAX_REQUEST_BYTES ? whole : short;
}

/**
 * The entry of an item without its payload: `payload_omitted` is in the payload's place, which is in the item of that
 * `id` in `table`, or in the object `payload_object` of `bucket`.
 */
export function withoutPayload(item: EventItem, { tableName, payloadBucketName }: BusEntryOptions): BusEntry {
  const place =
    item.payload_object === undefined
      ? { table: tableName }
      : { payload_encoding: item.payload_encoding, bucket: payloadBucketName };
  return {
    source: `webhook-inbox.${item.source}`,
    // EventBridge refuses half a surrogate pair, at every attempt.
    detailType: (item.event_type ?? 'event').slice(0, MAX_DETAIL_TYPE_CHARACTERS).toWellFormed(),
    detail: JSON.stringify({ ...metadataOf(item), payload_omitted: true, ...place }),
    time: new Date(item.received_at),
  };
}

/**
 * An entry of an item.
 * @param make `toBusEntry` or `withoutPayload`
 * @returns undefined for an item that no such entry can be made of, such as one whose payload is damaged
 */
export function entryOf(item: EventItem, make: typeof toBusEntry, options: BusEntryOptions): BusEntry | undefined {
  try {
    return make(item, options);
  } catch {
    return undefined;
  }
}

/** The size of an entry as EventBridge counts it, in bytes. */
export function entryBytes({ source, detailType, detail }: BusEntry): number {
  return TIME_BYTES + Buffer.byteLength(source) + Buffer.byteLength(detailType) + Buffer.byteLength(detail);
}

function metadataOf({ payload: _, payload_encoding, expires_at, ...metadata }: EventItem) {
  return metadata;
}

/** @returns undefined for a payload that no entry can hold unchanged */
function payloadOf(item: EventItem): string | undefined {
  const bytes = decodePayload(item);
  return bytes && bytes.length <= MAX_REQUEST_BYTES && isUtf8(bytes) ? bytes.toString() : undefined;
}

/** A JSON payload is copied into the detail as text, so that no number in it is rounded. */
function withPayload(metadata: Readonly<Record<string, unknown>>, payload: string): string {
  if (!isJson(payload)) return JSON.stringify({ ...metadata, payload });
  if (!isBusJson(payload)) return JSON.stringify({ ...metadata, payload_text: payload });
  return `${JSON.stringify(metadata).slice(0, -1)},"payload":${payload}}`;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

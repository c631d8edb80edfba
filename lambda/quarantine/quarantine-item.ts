import { encodePayload } from '../payloads/encode-payload.ts';
import { itemBytes } from '../payloads/item-bytes.ts';
import type { PayloadAttributes, PayloadObject } from '../payloads/payload.ts';

/**
 * Why a verified delivery, or one event of it, is in quarantine.
 * - `not_utf8`, `not_json`, `not_form`: the body is not what its content type says, or not the provider's form
 * - `nested_too_deep`, `forbidden_key`: the body could harm whoever reads it
 * - `no_event_id`: nothing identifies the event
 * - `invalid_event`: a field that identifies the event does not match the schema
 * - `outside_retention`: the event's signed time is too far off
 * - `conflict`: its id is stored with another payload
 */
export type QuarantineReason =
  | 'not_utf8'
  | 'not_json'
  | 'not_form'
  | 'nested_too_deep'
  | 'forbidden_key'
  | 'no_event_id'
  | 'invalid_event'
  | 'outside_retention'
  | 'conflict';

/** A path in the body, and what was expected there; never what was found. */
export interface QuarantineIssue {
  readonly path: string;
  readonly expected: string;
}

/** An item of the quarantine table. */
export interface QuarantineItem extends PayloadAttributes {
  /** `<source>#<payload_sha256>`, the partition key: one item per distinct body, or event of a body. */
  readonly id: string;
  readonly source: string;
  readonly provider: string;
  readonly reason: QuarantineReason;
  readonly issues: readonly QuarantineIssue[];
  readonly event_id?: string;
  /** Set if the payload is one event of a body that held several, as JSON; absent if it is the whole body. */
  readonly from_batch?: true;
  /** The last delivery, in ISO 8601, UTC. */
  readonly received_at: string;
  /** Epoch seconds; the table's TTL attribute. */
  readonly expires_at: number;
  /** The media type, and the headers that the provider's events are read from; by lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An event, or a whole body, that was verified and is invalid. */
export interface InvalidEvent {
  readonly source: string;
  readonly provider: string;
  readonly reason: QuarantineReason;
  readonly issues: readonly QuarantineIssue[];
  readonly eventId?: string | undefined;
  /** Whether the payload is one event of a body that held several, as JSON. */
  readonly fromBatch?: boolean | undefined;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly payload: Buffer;
}

/** How long an item stays in quarantine: 14 days, in seconds. */
export const QUARANTINE_SECONDS = 14 * 24 * 3600;

/**
 * The item of an invalid event, and the object that its payload needs where it is large.
 * @param prefix what the key of the object begins with
 */
export function toQuarantineItem(event: InvalidEvent, prefix = ''): { item: QuarantineItem; object?: PayloadObject } {
  const { source, provider, reason, issues, eventId, fromBatch, receivedAt, headers, payload } = event;
  const rest = {
    source,
    provider,
    reason,
    issues,
    ...(eventId !== undefined && { event_id: eventId }),
    ...(fromBatch && { from_batch: true as const }),
    received_at: new Date(receivedAt).toISOString(),
    expires_at: Math.floor(receivedAt / 1000) + QUARANTINE_SECONDS,
    headers,
  };
  const otherBytes = itemBytes(rest) + `id${source}#`.length + 64;
  const { attributes, object } = encodePayload(payload, { source, prefix, otherBytes });
  const id = `${source}#${attributes.payload_sha256}`;
  return { item: { id, ...rest, ...attributes }, ...(object && { object }) };
}

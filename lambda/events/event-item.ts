import { encodePayload } from '../payloads/encode-payload.ts';
import { itemBytes } from '../payloads/item-bytes.ts';
import type { PayloadAttributes, PayloadObject } from '../payloads/payload.ts';
import type { WebhookEvent } from './webhook-event.ts';

/** An item of the events table, as docs/tables.md describes it. */
export interface EventItem extends PayloadAttributes {
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
  /** Absent for an event that was delivered and verified; `accepted` if an operator accepted it from quarantine as it was. */
  readonly origin?: 'accepted';
}

/**
 * The item of an event, and the object that its payload needs where no item could hold it.
 * @param prefix what the key of the object begins with
 */
export function toItem(
  event: WebhookEvent,
  prefix = '',
): { readonly item: EventItem; readonly object?: PayloadObject } {
  const { source, provider, id, type, occurredAt, receivedAt, data, origin } = event;
  const rest = {
    id: `${source}#${id}`,
    source,
    provider,
    event_id: id,
    ...(type !== undefined && { event_type: type }),
    ...(occurredAt !== undefined && { occurred_at: new Date(occurredAt).toISOString() }),
    received_at: new Date(receivedAt).toISOString(),
    expires_at: expiresAt(event),
    data,
    ...(origin && { origin }),
  };
  const { attributes, object } = encodePayload(event.payload, { source, prefix, otherBytes: itemBytes(rest) });
  return { item: { ...rest, ...attributes }, ...(object && { object }) };
}

/** Epoch seconds. Counted from the signed time where that is later, so that no event outlives its item. */
function expiresAt({ receivedAt, signedAt, lifeSeconds }: WebhookEvent): number {
  return Math.floor(Math.max(receivedAt, signedAt ?? 0) / 1000) + lifeSeconds;
}

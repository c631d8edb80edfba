import * as v from 'valibot';
import type { DeliveredEvent, Delivery } from './delivery-log.ts';

const STATUSES = ['processed', 'duplicate', 'conflict', 'quarantined', 'queued', 'unavailable'] as const;

/** The outcomes of a delivery. */
export const OUTCOMES = [...STATUSES, 'handshake', 'rejected', 'failed'] as const;

const text = v.optional(v.string());
const number = v.optional(v.number());
const status = v.picklist(STATUSES);
const issues = v.optional(v.array(v.object({ path: v.string(), expected: v.string() })));
const ofEvent = { event_id: text, event_type: text, occurred_at: text };

const DeliveryLine = v.object({
  message: v.literal('delivery'),
  timestamp: v.string(),
  request_id: v.string(),
  outcome: v.picklist(OUTCOMES),
  status: v.number(),
  source: text,
  provider: text,
  code: text,
  reason: text,
  issues,
  ...ofEvent,
  events: v.optional(v.record(v.string(), v.number())),
  batch: v.optional(v.array(v.object({ ...ofEvent, status }))),
  not_processed: v.optional(v.array(v.object({ event_id: text, status, reason: text, issues }))),
  used_previous_secret: v.optional(v.boolean()),
  sealed_secret: text,
  body_bytes: number,
  latency_ms: v.number(),
});

type DeliveryLine = v.InferOutput<typeof DeliveryLine>;

/**
 * Reads a line of the receiver's log.
 * @returns undefined for a line that is not about a delivery
 */
export function deliveryOfLine(line: string): Delivery | undefined {
  const result = v.safeParse(v.pipe(v.string(), v.parseJson(), DeliveryLine), line);
  return result.success ? toDelivery(result.output) : undefined;
}

function toDelivery(line: DeliveryLine): Delivery {
  const { source, provider, outcome, status, code } = line;
  const events = eventsOf(line);
  const [notProcessed] = line.not_processed ?? [];
  return {
    time: Date.parse(line.timestamp),
    requestId: line.request_id,
    source,
    provider,
    status,
    outcome,
    code,
    reason: line.reason ?? notProcessed?.reason,
    issues: line.issues ?? notProcessed?.issues,
    events,
    more: Math.max(0, countOf(line) - events.length),
    bytes: line.body_bytes,
    durationMs: line.latency_ms,
    usedPreviousSecret: line.used_previous_secret ?? false,
    sealedSecret: line.sealed_secret,
  };
}

/** Of a body of several events, a line of an older version lists only those that were not processed. */
function eventsOf(line: DeliveryLine): readonly DeliveredEvent[] {
  const { batch = line.not_processed, outcome, event_id, event_type, occurred_at } = line;
  if (batch) return batch.map(eventOf);
  const status = STATUSES.find((each) => each === outcome);
  const isKnown = event_id !== undefined || countOf(line) > 0;
  return isKnown ? [eventOf({ event_id, event_type, occurred_at, status })] : [];
}

/** An event, as a line has it. */
interface EventInLine {
  readonly event_id?: string | undefined;
  readonly event_type?: string | undefined;
  readonly occurred_at?: string | undefined;
  readonly status?: DeliveredEvent['outcome'];
}

function eventOf({ event_id: id, event_type: type, occurred_at, status: outcome }: EventInLine): DeliveredEvent {
  return { id, type, occurredAt: occurred_at === undefined ? undefined : Date.parse(occurred_at), outcome };
}

/** How many events it has; 0 if the line has the id of the only one. */
function countOf({ events = {} }: DeliveryLine): number {
  return Object.values(events).reduce((sum, count) => sum + count, 0);
}

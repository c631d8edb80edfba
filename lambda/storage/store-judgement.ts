import { compareConflict } from '../events/compare-payloads.ts';
import { toItem } from '../events/event-item.ts';
import type { Conflict, EventStore } from '../events/event-store.ts';
import type { WebhookEvent } from '../events/webhook-event.ts';
import type { PayloadObject } from '../payloads/payload.ts';
import type { PayloadBucket } from '../payloads/payload-bucket.ts';
import type { Quarantine } from '../quarantine/quarantine.ts';
import { type InvalidEvent, toQuarantineItem } from '../quarantine/quarantine-item.ts';
import type { EventOutcome, UnstoredOutcome } from './event-outcome.ts';
import { eventIdOf, type Judgement } from './judgement.ts';

/** Where events are stored. */
export interface Stores {
  readonly store: EventStore;
  readonly quarantine: Quarantine;
  readonly payloads: PayloadBucket;
}

/** How one delivery's events are stored. */
export interface StoreOptions extends Stores {
  /** Whether the second payload of an event id is kept in quarantine; the sender of a source that rejects it reads so. */
  readonly keepsConflicts: boolean;
  /** When to give up, on the clock of `performance.now()`. */
  readonly deadline: number;
}

/** Stores a valid event as an item of the events table, and an invalid one as an item of the quarantine. */
export function storeJudgement(judgement: Judgement, options: StoreOptions): Promise<EventOutcome> {
  return 'valid' in judgement ? storeEvent(judgement.valid, options) : putInQuarantine(judgement.invalid, options);
}

/** The outcome of an event whose turn did not come in time. */
export function outOfTime(judgement: Judgement): EventOutcome {
  return { unavailable: undefined, reason: 'out_of_time', eventId: eventIdOf(judgement) };
}

async function storeEvent(event: WebhookEvent, options: StoreOptions): Promise<EventOutcome> {
  const { id: eventId, immutable } = event;
  const { item, object } = toItem(event, options.payloads.prefix);
  const failure = await putObject(object, options);
  if (failure) return { ...failure, eventId };
  const outcome = await options.store.put(item, immutable, options.deadline);
  if ('unavailable' in outcome) return { ...outcome, reason: 'table_unavailable', eventId };
  if (outcome.status === 'conflict') return storeConflict(event, outcome, options);
  return { ...outcome, eventId };
}

/** Keeps the second payload of an event id in quarantine, unless the source rejects it. */
async function storeConflict(event: WebhookEvent, { stored }: Conflict, options: StoreOptions): Promise<EventOutcome> {
  const conflict = compareConflict(event.payload, stored);
  const { source, provider, id: eventId, fromBatch, receivedAt, payload, headers } = event;
  if (!options.keepsConflicts) return { status: 'conflict', eventId, conflict };
  const rest = { eventId, fromBatch, receivedAt, headers, payload };
  const kept = await putInQuarantine({ source, provider, reason: 'conflict', issues: [], ...rest }, options);
  return 'unavailable' in kept ? kept : { ...kept, status: 'conflict', conflict };
}

async function putInQuarantine(invalid: InvalidEvent, options: StoreOptions): Promise<EventOutcome> {
  const { eventId, reason, issues } = invalid;
  const { item, object } = toQuarantineItem(invalid, options.payloads.prefix);
  const failure = await putObject(object, options);
  if (failure) return { ...failure, eventId };
  const outcome = await options.quarantine.put(item, options.deadline);
  if (outcome) return { ...outcome, reason: 'quarantine_unavailable', eventId };
  return { status: 'quarantined', eventId, invalid: { reason, issues } };
}

/** Writes a large payload, before the item that names it. */
async function putObject(
  object: PayloadObject | undefined,
  { payloads, deadline }: StoreOptions,
): Promise<UnstoredOutcome | undefined> {
  const outcome = object && (await payloads.put(object, deadline));
  return outcome && { ...outcome, reason: 'bucket_unavailable' };
}

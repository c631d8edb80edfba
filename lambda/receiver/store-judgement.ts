import { compareConflict } from '../events/compare-payloads.ts';
import { toItem } from '../events/event-item.ts';
import type { Conflict, EventStore } from '../events/event-store.ts';
import type { WebhookEvent } from '../events/webhook-event.ts';
import type { PayloadObject } from '../payloads/payload.ts';
import type { PayloadBucket, Unavailable } from '../payloads/payload-bucket.ts';
import type { Quarantine } from '../quarantine/quarantine.ts';
import { type InvalidEvent, toQuarantineItem } from '../quarantine/quarantine-item.ts';
import type { EventOutcome, StoredOutcome } from './delivery.ts';
import type { Judgement } from './judge-events.ts';
import type { Source } from './source.ts';

/** Where events become durable. */
export interface StoreDependencies {
  readonly store: EventStore;
  readonly quarantine: Quarantine;
  readonly payloads: PayloadBucket;
}

/** How one delivery's events are stored. */
export interface StoreOptions extends StoreDependencies {
  readonly source: Source;
  /** When to give up, on the clock of `performance.now()`. */
  readonly deadline: number;
}

/** Stores a valid event as an item of the events table, and an invalid one as an item of the quarantine. */
export function storeJudgement(judgement: Judgement, options: StoreOptions): Promise<EventOutcome> {
  return 'valid' in judgement ? storeEvent(judgement.valid, options) : putInQuarantine(judgement.invalid, options);
}

async function storeEvent(event: WebhookEvent, options: StoreOptions): Promise<EventOutcome> {
  const { item, object } = toItem(event);
  const failure = await putObject(object, options);
  if (failure) return failure;
  const outcome = await options.store.put(item, event.immutable, options.deadline);
  if ('unavailable' in outcome) return outcome;
  if (outcome.status === 'conflict') return storeConflict(event, outcome, options);
  return { ...outcome, eventId: event.id };
}

/** The second payload of an event id is kept in quarantine, unless the source rejects it. */
async function storeConflict(event: WebhookEvent, { stored }: Conflict, options: StoreOptions): Promise<EventOutcome> {
  const conflict = compareConflict(event.payload, stored);
  const outcome: StoredOutcome = { status: 'conflict', eventId: event.id, conflict };
  if (options.source.onInvalid === 'reject') return outcome;
  const { source, provider, id: eventId, fromBatch, receivedAt, payload, headers } = event;
  const rest = { eventId, fromBatch, receivedAt, headers, payload };
  const kept = await putInQuarantine({ source, provider, reason: 'conflict', issues: [], ...rest }, options);
  return 'unavailable' in kept ? kept : outcome;
}

async function putInQuarantine(invalid: InvalidEvent, options: StoreOptions): Promise<EventOutcome> {
  const { item, object } = toQuarantineItem(invalid);
  const failure = (await putObject(object, options)) ?? (await options.quarantine.put(item, options.deadline));
  return failure ?? { status: 'quarantined', eventId: invalid.eventId, invalid };
}

async function putObject(
  object: PayloadObject | undefined,
  { payloads, deadline }: StoreOptions,
): Promise<Unavailable | undefined> {
  return object && payloads.put(object, deadline);
}

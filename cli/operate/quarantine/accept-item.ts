import { createHash } from 'node:crypto';
import type { WebhookEvent } from '../../../lambda/events/webhook-event.ts';
import type { InvalidEvent, QuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { acceptedAsIs, judgeAgain } from '../../../lambda/receiver/judge-again.ts';
import type { Source } from '../../../lambda/receiver/source.ts';
import type { StoredOutcome } from '../../../lambda/storage/event-outcome.ts';
import type { Judgement } from '../../../lambda/storage/judgement.ts';
import { type Stores, storeJudgement } from '../../../lambda/storage/store-judgement.ts';

/** How an item is accepted. */
export interface AcceptOptions extends Stores {
  /** The item's source, as it is configured now. */
  readonly source: Source;
  /** Whether to store events that are still invalid. */
  readonly isAsIs: boolean;
  /** The time of acceptance, in epoch milliseconds. */
  readonly now: number;
}

/** The longest wait for one write, in milliseconds. */
const WRITE_TIMEOUT_MS = 30_000;

/**
 * Stores the events of a quarantined payload by the receiver's validation and its conditional put. An event that is
 * accepted as it is gets another id if its own is stored with another payload, because no stored event is overwritten.
 * @returns one outcome per event: `quarantined` for one that is still invalid
 * @throws the error of a write that failed
 */
export async function acceptItem(
  item: QuarantineItem,
  payload: Buffer,
  options: AcceptOptions,
): Promise<readonly StoredOutcome[]> {
  const { headers, event_id: eventId, from_batch: fromBatch } = item;
  const receivedAt = Date.parse(item.received_at);
  const judgements = judgeAgain({ payload, headers, receivedAt, eventId, fromBatch }, options);
  const known = { receivedAt, ...(judgements.length === 1 && { eventId }) };
  const outcomes: StoredOutcome[] = [];
  for (const judgement of judgements) outcomes.push(await acceptEvent(judgement, known, options));
  return outcomes;
}

/** What is known of an event from its delivery. */
type Known = Pick<InvalidEvent, 'receivedAt' | 'eventId'>;

async function acceptEvent(judgement: Judgement, known: Known, options: AcceptOptions): Promise<StoredOutcome> {
  if ('valid' in judgement) return await storeOrRename(judgement.valid, options);
  const invalid = { ...judgement.invalid, eventId: judgement.invalid.eventId ?? known.eventId };
  if (options.isAsIs) return await storeOrRename(asItIs(invalid, known, options), options);
  return { status: 'quarantined', eventId: invalid.eventId, invalid };
}

/** The event with what its schema picks, if only its time is wrong. */
function asItIs(invalid: InvalidEvent, { receivedAt }: Known, { source, now }: AcceptOptions): WebhookEvent {
  const [judgement] = judgeAgain({ ...invalid, receivedAt }, { source, now, waivesTime: true });
  if (!judgement || 'invalid' in judgement) return acceptedAsIs(invalid, sha256Of(invalid.payload), source);
  return { ...judgement.valid, immutable: true, origin: 'accepted' };
}

async function storeOrRename(event: WebhookEvent, options: AcceptOptions): Promise<StoredOutcome> {
  const outcome = await store(event, options);
  if (outcome.status !== 'conflict' || !options.isAsIs) return outcome;
  return await store({ ...event, id: renamedId(event.id, sha256Of(event.payload)), origin: 'accepted' }, options);
}

/**
 * The id under which an event is accepted as it is, if its own is stored with another payload.
 * @param sha256 hex SHA-256 of this event's payload
 */
export const renamedId = (eventId: string, sha256: string) => `${eventId}:${sha256}`;

const sha256Of = (payload: Buffer) => createHash('sha256').update(payload).digest('hex');

/** The conflicting payload is in quarantine already. */
async function store(valid: WebhookEvent, stores: Stores): Promise<StoredOutcome> {
  const outcome = await storeJudgement(
    { valid },
    {
      ...stores,
      keepsConflicts: false,
      deadline: performance.now() + WRITE_TIMEOUT_MS,
    },
  );
  if ('unavailable' in outcome) throw outcome.unavailable;
  return outcome;
}

import type { OpenDeadline } from '../../aws/deadline.ts';
import type { OverflowQueue } from '../../overflow-queue/overflow-queue.ts';
import type { EventOutcome } from '../../storage/event-outcome.ts';
import type { Judgement } from '../../storage/judgement.ts';
import { mapConcurrently } from '../../storage/map-concurrently.ts';
import { outOfTime, type Stores, storeJudgement } from '../../storage/store-judgement.ts';
import type { Middleware } from '../chain.ts';
import type { Received, Routed, Stored, Validated } from '../delivery.ts';
import { type UnfinishedBatch, unfinishedBatches } from '../unfinished-batches.ts';

/** Where events become durable. */
export interface StoreDependencies extends Stores {
  /** Takes what could not be stored in time. */
  readonly overflow: OverflowQueue;
}

/** A body of fewer events fits into the time budget of one delivery. */
const MIN_LARGE_BATCH = 100;

/** How long before the deadline the last write of a large body begins, so that none is ended half-way; milliseconds. */
const LAST_WRITE_MS = 200;

const NO_BATCH: UnfinishedBatch = { earlier: [], update: () => undefined };

/**
 * Stores each event of a delivery: valid ones in the events table, others in quarantine, and those that could not be
 * stored in time in the overflow queue. If that fails too, the retry of the body continues with what is missing.
 */
export function storeEvents(
  dependencies: StoreDependencies,
  openDeadline: OpenDeadline,
): Middleware<Received & Routed & Validated, Stored> {
  const unfinished = unfinishedBatches();
  const { overflow, ...stores } = dependencies;
  return {
    async before({ source, judgements, storeDeadline, deadline, receivedAt }) {
      const startedAt = performance.now();
      const isLarge = judgements.length >= MIN_LARGE_BATCH;
      using limit = openDeadline(isLarge ? storeDeadline - LAST_WRITE_MS : storeDeadline);
      const options = { ...stores, keepsConflicts: source.onInvalid === 'quarantine', deadline: storeDeadline };
      const store = (judgement: Judgement) =>
        limit.signal.aborted ? outOfTime(judgement) : storeJudgement(judgement, options);
      const { earlier, update } = isLarge ? unfinished.find(judgements) : NO_BATCH;
      const start = isLarge ? receivedAt % judgements.length : 0;
      const stored = await mapConcurrently(judgements, (each, index) => earlier[index] ?? store(each), start);
      const outcomes = await queueUnstored(judgements, stored, overflow, deadline);
      update(outcomes);
      return { outcomes, storeMs: performance.now() - startedAt };
    },
  };
}

/** Sends the events that could not be stored to the overflow queue, which makes them durable too. */
async function queueUnstored(
  judgements: readonly Judgement[],
  outcomes: readonly EventOutcome[],
  overflow: OverflowQueue,
  deadline: number,
): Promise<readonly EventOutcome[]> {
  const unstored = judgements.filter((_, index) => isUnstored(outcomes[index]));
  if (unstored.length === 0 || (await overflow.send(unstored, deadline))) return outcomes;
  return outcomes.map((outcome) =>
    'unavailable' in outcome ? { status: 'queued', eventId: outcome.eventId, unstored: outcome } : outcome,
  );
}

const isUnstored = (outcome: EventOutcome | undefined) => outcome !== undefined && 'unavailable' in outcome;

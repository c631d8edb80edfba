import type { OpenDeadline } from '../../aws/deadline.ts';
import type { Middleware } from '../chain.ts';
import type { EventOutcome, Received, Routed, Stored, Validated } from '../delivery.ts';
import type { Judgement } from '../judge-events.ts';
import { type StoreDependencies, storeJudgement } from '../store-judgement.ts';
import { unfinishedBatches } from '../unfinished-batches.ts';

/** Writes of one body that are under way at a time. */
const CONCURRENCY = 16;

const OUT_OF_TIME: EventOutcome = { unavailable: new Error('The time budget of the delivery has passed.') };

/**
 * Stores each event of a delivery, valid ones in the events table and others in quarantine, until the deadline. The
 * retry of a body of which some could not be stored goes on with those.
 */
export function storeEvents(
  dependencies: StoreDependencies,
  openDeadline: OpenDeadline,
): Middleware<Received & Routed & Validated, Stored> {
  const unfinished = unfinishedBatches();
  return {
    async before({ source, judgements, isBatch, deadline }) {
      const startedAt = performance.now();
      using limit = openDeadline(deadline);
      const options = { ...dependencies, source, deadline };
      const store = (judgement: Judgement) => (limit.signal.aborted ? OUT_OF_TIME : storeJudgement(judgement, options));
      const earlier = isBatch ? unfinished.outcomesOf(judgements) : [];
      const outcomes = await mapConcurrently(judgements, CONCURRENCY, (each, index) => earlier[index] ?? store(each));
      if (isBatch) unfinished.remember(judgements, outcomes);
      return { outcomes, storeMs: performance.now() - startedAt };
    },
  };
}

/** Maps with a bounded number of calls under way at a time; in order. */
async function mapConcurrently<T, R>(
  items: readonly T[],
  limit: number,
  map: (item: T, index: number) => Promise<R> | R,
): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

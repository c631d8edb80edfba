import type { OpenDeadline } from '../../aws/deadline.ts';
import type { Middleware } from '../chain.ts';
import type { EventOutcome, Received, Routed, Stored, Validated } from '../delivery.ts';
import type { Judgement } from '../judge-events.ts';
import { type StoreDependencies, storeJudgement } from '../store-judgement.ts';
import { type UnfinishedBatch, unfinishedBatches } from '../unfinished-batches.ts';

/** The most writes of one body that run at the same time. */
const CONCURRENCY = 16;

/** A body of fewer events fits into the time budget of one delivery. */
const MIN_LARGE_BATCH = 100;

/** How long before the deadline the last write of a large body begins, so that none is ended half-way; milliseconds. */
const LAST_WRITE_MS = 200;

const NO_BATCH: UnfinishedBatch = { earlier: [], update: () => undefined };

/**
 * Stores each event of a delivery until the deadline: valid ones in the events table, others in quarantine. If some could
 * not be stored, the retry of the body continues with those.
 */
export function storeEvents(
  dependencies: StoreDependencies,
  openDeadline: OpenDeadline,
): Middleware<Received & Routed & Validated, Stored> {
  const unfinished = unfinishedBatches();
  return {
    async before({ source, judgements, deadline, receivedAt }) {
      const startedAt = performance.now();
      const isLarge = judgements.length >= MIN_LARGE_BATCH;
      using limit = openDeadline(isLarge ? deadline - LAST_WRITE_MS : deadline);
      const options = { ...dependencies, source, deadline };
      const store = (judgement: Judgement) =>
        limit.signal.aborted ? outOfTime(judgement) : storeJudgement(judgement, options);
      const { earlier, update } = isLarge ? unfinished.find(judgements) : NO_BATCH;
      const start = isLarge ? receivedAt % judgements.length : 0;
      const outcomes = await mapConcurrently(judgements, start, (each, index) => earlier[index] ?? store(each));
      update(outcomes);
      return { outcomes, storeMs: performance.now() - startedAt };
    },
  };
}

function outOfTime(judgement: Judgement): EventOutcome {
  const eventId = 'valid' in judgement ? judgement.valid.id : judgement.invalid.eventId;
  return { unavailable: undefined, reason: 'out_of_time', eventId };
}

/**
 * Maps with a bounded number of calls at the same time; the results are in the order of the items.
 * @param start the index of the first call. Large bodies begin at another event in each delivery, so that every event
 * becomes durable after a few retries, even if each retry is delivered to an instance that does not know the body.
 */
async function mapConcurrently<T, R>(
  items: readonly T[],
  start: number,
  map: (item: T, index: number) => Promise<R> | R,
): Promise<R[]> {
  const results: R[] = [];
  const entries = [...items.entries()];
  const queue = [...entries.slice(start), ...entries.slice(0, start)].values();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await map(item, index);
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, items.length) }, work));
  return results;
}

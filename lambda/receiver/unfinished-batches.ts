import { createHash } from 'node:crypto';
import type { EventOutcome, StoredOutcome } from '../storage/event-outcome.ts';
import type { Judgement } from '../storage/judgement.ts';

/** The bodies of several events that this instance has stored in part. */
export interface UnfinishedBatches {
  /** Finds the earlier deliveries of a body. */
  readonly find: (judgements: readonly Judgement[]) => UnfinishedBatch;
}

/** The earlier deliveries of one body. */
export interface UnfinishedBatch {
  /** The outcomes of the events that became durable, by index; the others are undefined. */
  readonly earlier: readonly (StoredOutcome | undefined)[];
  /** Remembers the outcomes if an event is missing, and forgets the body otherwise. */
  readonly update: (outcomes: readonly EventOutcome[]) => void;
}

/** The most bodies that are remembered. A provider retries few at a time. */
const MAX_BODIES = 16;

/**
 * Remembers unfinished bodies. A body may be too large for the time budget of one delivery: its retry then continues
 * where the delivery before it stopped. Events that became durable are duplicates in the retry.
 */
export function unfinishedBatches(): UnfinishedBatches {
  const bodies = new Map<string, UnfinishedBatch['earlier']>();

  function remember(digest: string, outcomes: readonly EventOutcome[]): void {
    const [oldest] = bodies.keys();
    if (bodies.size >= MAX_BODIES && oldest !== undefined) bodies.delete(oldest);
    bodies.set(digest, outcomes.map(inRetry));
  }

  return {
    find(judgements) {
      const known = bodies.size === 0 ? undefined : digestOf(judgements);
      return {
        earlier: known === undefined ? [] : (bodies.get(known) ?? []),
        update(outcomes) {
          if (known !== undefined) bodies.delete(known);
          if (outcomes.some(isMissing)) remember(known ?? digestOf(judgements), outcomes);
        },
      };
    },
  };
}

const isMissing = (outcome: EventOutcome) => 'unavailable' in outcome;

function inRetry(outcome: EventOutcome): StoredOutcome | undefined {
  if ('unavailable' in outcome) return undefined;
  return outcome.status === 'processed' ? { ...outcome, status: 'duplicate' } : outcome;
}

function digestOf(judgements: readonly Judgement[]): string {
  const hash = createHash('sha256');
  for (const judgement of judgements) {
    const { source, payload } = 'valid' in judgement ? judgement.valid : judgement.invalid;
    hash.update(`${source}#${payload.length}:`).update(payload);
  }
  return hash.digest('base64');
}

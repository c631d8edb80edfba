import { createHash } from 'node:crypto';
import type { EventOutcome } from './delivery.ts';
import type { Judgement } from './judge-events.ts';

/** Bodies of several events of which this instance stored some, and could not store the others. */
export interface UnfinishedBatches {
  /** What became durable of a body's events in earlier deliveries, by index; empty for a body that is not remembered. */
  readonly outcomesOf: (judgements: readonly Judgement[]) => readonly (EventOutcome | undefined)[];
  /** Remembers what became durable where something is missing, and forgets the body where nothing is. */
  readonly remember: (judgements: readonly Judgement[], outcomes: readonly EventOutcome[]) => void;
}

/** The bodies that are remembered; a provider retries few at a time. */
const MAX_BODIES = 16;
/** A smaller body fits into the time budget of every delivery. */
const MIN_EVENTS = 100;

/**
 * Remembers unfinished bodies, so that the retry of one that is too large for one delivery's time budget goes on where
 * it stopped. What became durable is a duplicate in the retry.
 */
export function unfinishedBatches(): UnfinishedBatches {
  const bodies = new Map<string, readonly (EventOutcome | undefined)[]>();
  return {
    outcomesOf(judgements) {
      return judgements.length < MIN_EVENTS || bodies.size === 0 ? [] : (bodies.get(digestOf(judgements)) ?? []);
    },
    remember(judgements, outcomes) {
      if (judgements.length < MIN_EVENTS) return;
      const digest = digestOf(judgements);
      bodies.delete(digest);
      if (!outcomes.some(isMissing)) return;
      const [oldest] = bodies.keys();
      if (bodies.size >= MAX_BODIES && oldest !== undefined) bodies.delete(oldest);
      bodies.set(digest, outcomes.map(inRetry));
    },
  };
}

const isMissing = (outcome: EventOutcome) => 'unavailable' in outcome;

function inRetry(outcome: EventOutcome): EventOutcome | undefined {
  if ('unavailable' in outcome) return undefined;
  return outcome.status === 'processed' ? { ...outcome, status: 'duplicate' } : outcome;
}

function digestOf(judgements: readonly Judgement[]): string {
  const hash = createHash('sha256');
  for (const judgement of judgements) {
    const { source, payload } = 'valid' in judgement ? judgement.valid : judgement.invalid;
    hash.update(`${source}#${payload.length}:`).update(payload);
  }
  return hash.digest('hex');
}

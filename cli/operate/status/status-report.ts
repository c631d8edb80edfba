import type { Delivery } from '../../deliveries/delivery-log.ts';

/** The state of an inbox. */
export interface StatusReport {
  /** Name of the inbox. */
  readonly inbox: string;
  readonly sources: readonly SourceStatus[];
  /** What is checked for the inbox as a whole. */
  readonly checks: readonly Check[];
}

/** The state of a source. */
export interface SourceStatus {
  readonly source: string;
  /**
   * - `set`: the source has a signing secret
   * - `not set`: it has the random value that it was created with, or none, so that it accepts nothing
   * - `waits for its handshake`: its store holds the key of `secret --from-handshake`
   * - `unreadable`: it is missing, or may not be read
   * - `none needed`: its provider signs with a certificate or published keys
   */
  readonly secret: 'set' | 'not set' | 'waits for its handshake' | 'unreadable' | 'none needed';
  /** Why the secret is unreadable. */
  readonly secretError?: string | undefined;
  /** Deliveries within 24 hours, by outcome. */
  readonly outcomes: Readonly<Partial<Record<Delivery['outcome'], number>>>;
  /** The last delivery within 24 hours that was durable: epoch milliseconds. */
  readonly lastAt: number | undefined;
  /** Deliveries within 24 hours that were signed with the secret before the last rotation. */
  readonly withPreviousSecret: number;
}

/** A check, and its result. */
export interface Check {
  readonly name: string;
  /** What was found, and what to do if it needs attention. */
  readonly text: string;
  readonly needsAttention: boolean;
}

/** Whether somebody has to do something. */
export function needsAttention({ sources, checks }: StatusReport): boolean {
  return sources.some(lacksSecret) || checks.some((check) => check.needsAttention);
}

/** Whether a source accepts nothing, or may soon do so. */
export function lacksSecret({ secret }: SourceStatus): boolean {
  return secret !== 'set' && secret !== 'none needed';
}

/** Deliveries of a source, counted: the input of {@link countDeliveries}. */
export interface DeliveryCount {
  readonly source: string;
  readonly outcome: Delivery['outcome'];
  readonly usedPreviousSecret: boolean;
  readonly count: number;
  /** The last of them, in epoch milliseconds. */
  readonly lastAt: number;
}

/** The outcomes after which an event, or its delivery, is durable. */
const DURABLE: ReadonlySet<Delivery['outcome']> = new Set([
  'processed',
  'duplicate',
  'conflict',
  'quarantined',
  'queued',
]);

/** The state of a source, by the counts of its deliveries. */
export function sourceStatus(
  source: string,
  secret: Pick<SourceStatus, 'secret' | 'secretError'>,
  counts: readonly DeliveryCount[],
): SourceStatus {
  const own = counts.filter((each) => each.source === source);
  const outcomes: Partial<Record<Delivery['outcome'], number>> = {};
  for (const { outcome, count } of own) outcomes[outcome] = (outcomes[outcome] ?? 0) + count;
  const durable = own.filter(({ outcome }) => DURABLE.has(outcome)).map(({ lastAt }) => lastAt);
  const previous = own.filter(({ usedPreviousSecret }) => usedPreviousSecret);
  return {
    source,
    ...secret,
    outcomes,
    lastAt: durable.length > 0 ? Math.max(...durable) : undefined,
    withPreviousSecret: previous.reduce((sum, { count }) => sum + count, 0),
  };
}

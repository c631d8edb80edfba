import type { EventItem } from './event-item.ts';

/**
 * What became of an event.
 * - `processed`: it is new, and durable
 * - `duplicate`: it was stored before
 * - `conflict`: its id was stored before, with another payload
 */
export type Stored = 'processed' | 'duplicate' | 'conflict';

/** The table cannot be reached, refuses or throttles; the sender should try again. */
export interface Unavailable {
  readonly unavailable: unknown;
}

/** Where events are kept. */
export interface EventStore {
  /**
   * Writes the item unless one with its id lives, in one request.
   * @param immutable whether another payload under the same id is a conflict
   * @param deadline when to give up, on the clock of `performance.now()`
   * @throws what no retry can mend: a defect of ours
   */
  readonly put: (item: EventItem, immutable: boolean, deadline: number) => Promise<Stored | Unavailable>;
}

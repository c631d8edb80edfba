import type { PayloadAttributes } from '../payloads/payload.ts';
import type { Unavailable } from '../payloads/payload-bucket.ts';
import type { EventItem } from './event-item.ts';

/** The event is new, and durable. */
export interface Processed {
  readonly status: 'processed';
}

/** The event was stored before. */
export interface Duplicate {
  readonly status: 'duplicate';
  /** Whether its payload differs from the stored one, where the provider changes payloads between deliveries. */
  readonly differs: boolean;
}

/** The event id was stored before, with another payload, although the provider's payloads never change. */
export interface Conflict {
  readonly status: 'conflict';
  /** The payload that is stored under the id. */
  readonly stored: Partial<PayloadAttributes>;
}

/** What a conditional put came to; `Unavailable` where the sender should try again. */
export type PutOutcome = Processed | Duplicate | Conflict | Unavailable;

/** Where events are kept. */
export interface EventStore {
  /**
   * Writes the item unless one with its id lives, in one request.
   * @param immutable whether another payload under the same id is a conflict
   * @param deadline when to give up, on the clock of `performance.now()`
   * @throws for a defect in this code, which no retry can fix
   */
  readonly put: (item: EventItem, immutable: boolean, deadline: number) => Promise<PutOutcome>;
}

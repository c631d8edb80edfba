import type { ConflictDetails } from '../events/compare-payloads.ts';
import type { Unavailable } from '../payloads/payload-bucket.ts';
import type { InvalidEvent } from '../quarantine/quarantine-item.ts';

/** The outcome of one event: it is durable, or its sender should send it again. */
export type EventOutcome = StoredOutcome | UnstoredOutcome;

/** An event that is durable. */
export interface StoredOutcome {
  readonly status: 'processed' | 'duplicate' | 'conflict' | 'quarantined' | 'queued';
  /** Undefined if nothing identifies the event. */
  readonly eventId?: string | undefined;
  /** Whether a duplicate has another payload than the stored event. Set only if the provider may change payloads. */
  readonly differs?: boolean;
  /** Set if the event is in quarantine. */
  readonly invalid?: Pick<InvalidEvent, 'reason' | 'issues'>;
  /** Set for a conflict. */
  readonly conflict?: ConflictDetails;
  /** Set if the event is in the overflow queue: what kept it from being stored at once. */
  readonly unstored?: UnstoredOutcome;
}

/** An event that could not be stored. */
export interface UnstoredOutcome extends Unavailable {
  readonly reason: UnavailableReason;
  /** Undefined if nothing identifies the event. */
  readonly eventId?: string | undefined;
}

/**
 * What kept an event from being stored.
 * - `table_unavailable`, `quarantine_unavailable`, `bucket_unavailable`: the service was unreachable, throttled or slow
 * - `out_of_time`: the time budget of the delivery, or of the overflow function, ended before it was the event's turn
 */
export type UnavailableReason = 'table_unavailable' | 'quarantine_unavailable' | 'bucket_unavailable' | 'out_of_time';

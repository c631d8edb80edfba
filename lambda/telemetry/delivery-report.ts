/**
 * The outcome of a delivery, for the operator; of several events, the most severe.
 * - `processed`: the event is new, and stored
 * - `duplicate`: the event was stored before
 * - `conflict`: the event id was stored before, with another payload
 * - `quarantined`: the event is invalid, and kept in quarantine
 * - `queued`: the event could not be stored at once, and is in the overflow queue
 * - `handshake`: the delivery was the provider's handshake
 * - `rejected`: the delivery was answered with a 4xx
 * - `unavailable`: a table, the payload bucket or a secret could not be reached
 * - `failed`: the receiver has a defect
 */
export type Outcome = EventStatus | 'handshake' | 'rejected' | 'failed';

/** The outcome of an event. It is durable, unless a service was `unavailable`. */
export type EventStatus = 'processed' | 'duplicate' | 'conflict' | 'quarantined' | 'queued' | 'unavailable';

/** A path in an event, and what was expected there; never what was found. */
export interface IssueReport {
  readonly path: string;
  readonly expected: string;
}

/** What is reported of one event. */
export interface EventReport {
  readonly status: EventStatus;
  /** Undefined if nothing identifies the event. */
  readonly eventId?: string | undefined;
  /** Undefined if the provider names none. */
  readonly eventType?: string | undefined;
  /** Epoch milliseconds; undefined if the provider does not say when. */
  readonly occurredAt?: number | undefined;
  /** The reason why it is in quarantine, or was not stored at once; undefined otherwise. */
  readonly reason?: string | undefined;
  readonly issues?: readonly IssueReport[] | undefined;
  /** Whether a duplicate has another payload than the stored event. */
  readonly differs?: boolean | undefined;
  /** The difference between a conflict and the stored event. */
  readonly conflict?: ConflictReport | undefined;
}

/** The difference between the payload of a conflict and the stored one. */
export interface ConflictReport {
  /** Hex. */
  readonly storedSha256: string | undefined;
  /** Hex. */
  readonly receivedSha256: string;
  /** Names of top-level fields; undefined if they are unknown. */
  readonly differingFields: readonly string[] | undefined;
}

/**
 * The report of a delivery. It holds no header, no signature and no secret that can be read; of the body, it holds only
 * the ids and types of events, and the names of fields.
 */
export interface DeliveryReport {
  readonly outcome: Outcome;
  readonly requestId: string;
  readonly status: number;
  /** Undefined if the path names no source, so that strangers cannot add metrics. */
  readonly source: string | undefined;
  readonly provider: string | undefined;
  /** Undefined if it is unknown, and for a body of several events. */
  readonly eventId?: string | undefined;
  readonly eventType?: string | undefined;
  /** The time of the event in epoch milliseconds; undefined if it is unknown, and for a body of several events. */
  readonly occurredAt?: number | undefined;
  /** Size of the body in bytes; undefined if it was not read. */
  readonly bodyBytes?: number | undefined;
  /** The code of the problem document; undefined if the response is not one. */
  readonly code: string | undefined;
  /** The exact reason of a problem. */
  readonly reason: string | undefined;
  /** The issues that the response lists. */
  readonly issues: readonly IssueReport[] | undefined;
  /** The events of the body, in its order; empty if the delivery was rejected before any was stored. */
  readonly events: readonly EventReport[];
  readonly usedPreviousSecret: boolean;
  /**
   * The secret that a handshake handed out, sealed for the operator who waits for it: RSA-OAEP with SHA-256, in Base64.
   * @default - none, or nobody waits
   */
  readonly sealedSecret?: string | undefined;
  /** Duration of the whole delivery, in milliseconds. */
  readonly latencyMs: number;
  /** Duration of the writes alone, in milliseconds. */
  readonly storeMs: number | undefined;
  /** The error behind a 5xx, or behind an event in the overflow queue. */
  readonly cause: CauseReport | undefined;
}

/** An error without the texts in which it may quote a body. */
export interface CauseReport {
  readonly name: string;
  /** Present if AWS or the operating system wrote it: other messages may quote a body. */
  readonly message?: string;
  /** The stack trace: function names and positions. */
  readonly stack?: string;
}

/** Receives the report of each delivery. */
export type Report = (report: DeliveryReport) => void;

/** The part of an error that may be logged. */
export function describeCause(cause: unknown): CauseReport | undefined {
  if (!(cause instanceof Error)) return cause === undefined ? undefined : { name: typeof cause };
  const message = isQuotable(cause) && cause.message;
  const stack = cause.stack
    ?.replace(`${cause.name}: ${cause.message}`, '')
    .split('\n')
    .filter((line) => /^\s+at /.test(line));
  return { name: cause.name, ...(message && { message }), ...(stack?.length && { stack: stack.join('\n') }) };
}

/** Errors of AWS services, except those about the request itself, and errors of sockets and DNS look-ups. */
function isQuotable(error: Error): boolean {
  return ('$fault' in error && error.name !== 'ValidationException') || 'syscall' in error;
}

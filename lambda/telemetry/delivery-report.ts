/**
 * What became of a delivery, for the operator.
 * - `processed`, `duplicate`, `conflict`: as the table has it
 * - `handshake`: it was no event, but the provider's handshake
 * - `rejected`: the caller's fault
 * - `unavailable`: the table or the secret could not be reached
 * - `failed`: a defect of ours
 */
export type Outcome = 'processed' | 'duplicate' | 'conflict' | 'handshake' | 'rejected' | 'unavailable' | 'failed';

/** One line about a delivery. It holds no header, no signature, no secret and nothing of a body but the event's id and type. */
export interface DeliveryReport {
  readonly outcome: Outcome;
  readonly requestId: string;
  readonly status: number;
  /** Undefined if the path names no source, so that strangers cannot add metrics. */
  readonly source: string | undefined;
  readonly provider: string | undefined;
  /** Undefined where the body held none, or several. */
  readonly eventId: string | undefined;
  readonly eventType: string | undefined;
  /** The problem's code, where there is one. */
  readonly code: string | undefined;
  /** What exactly it was. */
  readonly reason: string | undefined;
  /** How many events came to what. */
  readonly stored: Readonly<Record<'processed' | 'duplicate' | 'conflict', number>>;
  readonly usedPreviousSecret: boolean;
  /** The whole delivery, in milliseconds. */
  readonly latencyMs: number;
  /** The table alone, in milliseconds. */
  readonly storeMs: number | undefined;
  /** What an operator may know of the error behind a 5xx. */
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

import { UsageError } from '../../arguments.ts';
import { timeOf } from '../../times.ts';
import { positionSince, STREAM_RETENTION_MS, type StreamPosition } from './stream-position.ts';

/** Where the forwarding begins. */
export interface ListenStart {
  readonly position: StreamPosition;
  /** Whether it begins with the next event that is stored. */
  readonly isFresh: boolean;
  /** The table is scanned for what was received since then; epoch milliseconds. Undefined if the stream has everything. */
  readonly scanFrom?: number;
  /** For people to read. */
  readonly description: string;
}

/** What decides where it begins. */
export interface ListenStartOptions {
  /** The mark of the last time. @default - there is none */
  readonly mark?: StreamPosition | undefined;
  /** As a user types it. @default - the mark */
  readonly since?: string | undefined;
  readonly isScan: boolean;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How long an event may be in the receiver before it is stored, and how far clocks differ; in milliseconds. */
const IN_RECEIVER_MS = 15_000;

/**
 * The beginning: the mark, the time that the user names, or now.
 * @throws {UsageError} if the stream no longer has what was stored since then, and the table may not be scanned
 */
export function listenStart({ mark, since, isScan, now }: ListenStartOptions): ListenStart {
  if (since !== undefined) return startSince(timeOf('--since', since, new Date(now)), isScan, now);
  if (!mark) return { position: positionSince(now, now), isFresh: true, description: 'It begins now.' };
  if (isExpired(mark.readAt, now)) return scanned(mark.readAt, isScan, now);
  return { position: mark, isFresh: false, description: beginsWith(mark.readAt) };
}

function startSince(time: number, isScan: boolean, now: number): ListenStart {
  if (time > now) throw new UsageError(`--since ${iso(time)} is in the future. It is ${iso(now)} now.`);
  if (isExpired(time, now)) return scanned(time, isScan, now);
  return { position: positionSince(time, now), isFresh: false, description: beginsWith(time) };
}

const isExpired = (time: number, now: number) => now - time > STREAM_RETENTION_MS;

/** The stream is read from a little before the scan, so that nothing is stored unseen in between. */
function scanned(from: number, isScan: boolean, now: number): ListenStart {
  if (!isScan) {
    const choices = '--scan to scan the table, --since TIME to begin later, or --reset to begin now';
    throw new UsageError(`The table's stream keeps 24 hours, and not all since ${iso(from)}. Give ${choices}.`);
  }
  const position = positionSince(now - IN_RECEIVER_MS, now);
  return { position, isFresh: false, scanFrom: from - IN_RECEIVER_MS, description: beginsWith(from) };
}

const beginsWith = (time: number) => `It begins with what was stored since ${iso(time)}.`;

const iso = (time: number) => new Date(time).toISOString();

import * as v from 'valibot';
import type { DeadLetter as EventLetter } from '../../lambda/forwarder/dead-letters.ts';
import { type StreamBatch, streamBatchOf } from './stream-batch.ts';

/** A dead letter of forwarding: an event that the bus refuses, or a batch of the stream that Lambda gave up. */
export type DeadLetter = { readonly event: EventLetter } | { readonly batch: StreamBatch };

const name = v.pipe(v.string(), v.minLength(1));

const OfForwarder = v.pipe(v.string(), v.parseJson(), v.object({ id: name, table: name, reason: name }));

/**
 * Reads a message of the dead-letter queue.
 * @returns undefined if it is no dead letter of forwarding
 */
export function deadLetterOf(body: string | undefined): DeadLetter | undefined {
  const batch = streamBatchOf(body);
  if (batch) return { batch };
  const letter = v.safeParse(OfForwarder, body);
  return letter.success ? { event: letter.output } : undefined;
}

/** Whether a dead letter is about items of a table. */
export function isOfTable(letter: DeadLetter, tableName: string): boolean {
  if ('event' in letter) return letter.event.table === tableName;
  return letter.batch.streamArn.includes(`:table/${tableName}/stream/`);
}

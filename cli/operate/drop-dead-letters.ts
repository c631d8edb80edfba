import type { Message } from '@aws-sdk/client-sqs';
import confirm from '@inquirer/confirm';
import { UsageError } from '../arguments.ts';
import { print } from '../print.ts';
import { printableLine } from '../printable.ts';
import { withAdvice } from './aws-errors.ts';
import { describeDeadLetter } from './describe-dead-letter.ts';
import type { SqsQueue } from './sqs-queue.ts';

/** Options of dropping dead letters. */
export interface DropOptions {
  /** The queues that may have them. */
  readonly queues: readonly SqsQueue[];
  /** The ids of the messages. */
  readonly ids: ReadonlySet<string>;
  /** Whether to list them only. */
  readonly isDryRun: boolean;
  /** Whether to drop them without asking on the terminal. */
  readonly isConfirmed: boolean;
}

/** A received message, and its queue. */
interface Received {
  readonly queue: SqsQueue;
  readonly message: Message;
}

/**
 * Lists dead letters on standard output, and deletes them once the user confirms. Returns all others to their queues.
 * @returns how many were found, and how many were deleted
 * @throws {UsageError} unless the user confirms, or if a queue cannot be read or changed
 */
export async function dropDeadLetters({
  queues,
  ids,
  isDryRun,
  isConfirmed,
}: DropOptions): Promise<{ readonly found: number; readonly dropped: number }> {
  const received: Received[] = [];
  const isWanted = ({ message }: Received) => ids.has(message.MessageId ?? '');
  const dropped = new Set<Received>();
  try {
    for (const queue of queues) received.push(...(await receiveFrom(queue, ids)));
    const wanted = received.filter(isWanted);
    for (const { message } of wanted) print(printableLine(`${message.MessageId}: ${describeDeadLetter(message)}`));
    if (isDryRun || wanted.length === 0) return { found: wanted.length, dropped: 0 };
    if (!isConfirmed) await confirmDrop(wanted.length);
    for (const letter of wanted) {
      await withAdvice('delete a dead letter', () => letter.queue.delete(letter.message));
      dropped.add(letter);
    }
    return { found: wanted.length, dropped: dropped.size };
  } finally {
    for (const letter of received) if (!dropped.has(letter)) await letter.queue.release(letter.message);
  }
}

/** Receives all messages of a queue, without the bodies of those that are not wanted: each may have 1 MiB. */
async function receiveFrom(queue: SqsQueue, ids: ReadonlySet<string>): Promise<Received[]> {
  const keep = ({ Body, ...message }: Message) => (ids.has(message.MessageId ?? '') ? { Body, ...message } : message);
  const messages = await withAdvice('receive the dead letters', () => queue.receiveAll(keep));
  return messages.map((message) => ({ queue, message }));
}

/** @throws {UsageError} unless the user confirms */
async function confirmDrop(count: number): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new UsageError('Nothing was dropped. What is dropped cannot be restored: confirm it with --yes.');
  const message = `Drop ${count === 1 ? 'this dead letter' : `these ${count} dead letters`}? This cannot be undone.`;
  const isConfirmed = await confirm({ message, default: false }, { output: process.stderr }).catch(declined);
  if (!isConfirmed) throw new UsageError('Nothing was dropped.');
}

function declined(error: Error): false {
  if (error.name !== 'ExitPromptError') throw error;
  return false;
}

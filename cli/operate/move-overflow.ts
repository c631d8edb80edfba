import type { Message } from '@aws-sdk/client-sqs';
import { print } from '../print.ts';
import { printableLine } from '../printable.ts';
import { progressOf } from '../progress.ts';
import { withAdvice } from './aws-errors.ts';
import { describeDeadLetter } from './describe-dead-letter.ts';
import type { SqsQueue } from './sqs-queue.ts';

/** The queues of what could not be stored at once. */
export interface OverflowQueues {
  /** The queue that a function stores from. */
  readonly overflow: SqsQueue;
  /** The queue of what that function could not store. */
  readonly deadLetters: SqsQueue;
}

/**
 * Moves every message of the overflow's dead-letter queue back to the overflow queue. It holds at most ten of them at a
 * time: a message may have 1 MiB.
 * @returns how many were moved
 * @throws {UsageError} if one cannot be moved; it and those after it are left
 */
export async function moveOverflow({ overflow, deadLetters }: OverflowQueues): Promise<number> {
  const progress = progressOf({ everyMs: 5_000 });
  let moved = 0;
  for (;;) {
    const messages = await withAdvice("receive the overflow's dead letters", deadLetters.receive);
    if (messages.length === 0) break;
    moved += await moveAll(messages, { overflow, deadLetters });
    progress.show(`${moved} messages moved to the overflow queue`);
  }
  progress.end();
  return moved;
}

async function moveAll(messages: readonly Message[], { overflow, deadLetters }: OverflowQueues): Promise<number> {
  const left = [...messages];
  try {
    for (const message of messages) {
      await withAdvice('move a message to the overflow queue', () => overflow.send(message));
      await withAdvice("delete a message of the overflow's dead letters", () => deadLetters.delete(message));
      left.shift();
    }
    return messages.length;
  } finally {
    for (const message of left) await deadLetters.release(message);
  }
}

/**
 * Lists every message of the overflow's dead-letter queue on standard output, and returns it to the queue.
 * @returns how many there are
 */
export async function listOverflow({ deadLetters }: OverflowQueues): Promise<number> {
  const list = ({ Body, ...message }: Message) => {
    print(printableLine(`${message.MessageId}: would move ${describeDeadLetter({ Body })}`));
    return message;
  };
  const messages = await withAdvice("receive the overflow's dead letters", () => deadLetters.receiveAll(list));
  for (const message of messages) await deadLetters.release(message);
  return messages.length;
}

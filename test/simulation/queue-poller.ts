import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { VirtualClock } from './clock.ts';
import type { FunctionPool } from './function-pool.ts';
import type { QueueMessage, SimulatedQueue } from './queue.ts';
import type { Random } from './random.ts';

/** The event source mapping of a queue. */
export interface QueuePoller {
  /** Notices that a message has arrived. */
  readonly arrive: (message: QueueMessage) => void;
}

/** How the queue is read. */
export interface QueuePollerOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly queue: SimulatedQueue;
  readonly function: FunctionPool<SQSEvent, SQSBatchResponse>;
  readonly batchSize: number;
  /** How long a message that failed stays invisible, in milliseconds. */
  readonly visibilityMs: number;
  readonly maxReceiveCount: number;
  /** Gets what was received too often. */
  readonly deadLetters: SimulatedQueue;
  readonly start: (activity: () => Promise<void>) => void;
}

const POLL_MS = [10, 1_500] as const;

/**
 * Reads a queue as Lambda does with `ReportBatchItemFailures`. What is not deleted is received again once it is visible.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function queuePoller(options: QueuePollerOptions): QueuePoller {
  const { clock, random, queue } = options;
  const visible: QueueMessage[] = [];
  const receives = new Map<string, number>();

  function arrive(message: QueueMessage): void {
    visible.push(message);
    clock.at(clock.now() + random.between(...POLL_MS), () => options.start(receive));
  }

  async function receive(): Promise<void> {
    const batch = visible.splice(0, options.batchSize).filter(isReceivable);
    if (batch.length === 0) return;
    const invisibleUntil = clock.now() + options.visibilityMs;
    const { result } = await options.function.invoke({ Records: batch.map(toRecord) });
    const failed = new Set(result?.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    for (const message of batch) {
      if (result && !failed.has(message.id)) queue.remove(message.id);
      else clock.at(invisibleUntil, () => arrive(message));
    }
  }

  function isReceivable(message: QueueMessage): boolean {
    const count = (receives.get(message.id) ?? 0) + 1;
    receives.set(message.id, count);
    if (count <= options.maxReceiveCount) return true;
    queue.remove(message.id);
    options.deadLetters.put(message.body);
    return false;
  }

  function toRecord({ id, body }: QueueMessage): SQSRecord {
    const attributes = { ApproximateReceiveCount: String(receives.get(id)) };
    return { messageId: id, receiptHandle: id, body, attributes, eventSource: 'aws:sqs' } as unknown as SQSRecord;
  }

  return { arrive };
}

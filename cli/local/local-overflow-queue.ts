import type { SQSRecord } from 'aws-lambda';
import type { OverflowFunction } from '../../lambda/overflow/overflow.ts';
import { encodeMessages } from '../../lambda/overflow-queue/overflow-message.ts';
import type { OverflowQueue } from '../../lambda/overflow-queue/overflow-queue.ts';

/** The overflow queue of a local inbox: it is in this process, and in memory. */
export interface LocalOverflowQueue extends OverflowQueue {
  /** Hands each waiting message to the function once, and keeps those that it could not store. */
  readonly deliver: (overflow: OverflowFunction) => Promise<void>;
  /** The number of waiting messages. */
  readonly waiting: () => number;
}

/** Opens an empty queue. */
export function localOverflowQueue(): LocalOverflowQueue {
  const messages = new Map<string, LocalMessage>();
  let sent = 0;
  return {
    async send(judgements) {
      const bodies = encodeMessages(judgements);
      if (!bodies) return { unavailable: new Error('An event is too large for the overflow queue.') };
      for (const body of bodies) {
        sent += 1;
        messages.set(`message-${sent}`, { body, receiveCount: 0 });
      }
      return undefined;
    },
    async deliver(overflow) {
      for (const [messageId, message] of messages) {
        message.receiveCount += 1;
        const { batchItemFailures } = await overflow({ Records: [recordOf(messageId, message)] });
        if (batchItemFailures.length === 0) messages.delete(messageId);
      }
    },
    waiting: () => messages.size,
  };
}

interface LocalMessage {
  readonly body: string;
  receiveCount: number;
}

/** A message as Lambda's poller hands it over. */
function recordOf(messageId: string, { body, receiveCount }: LocalMessage): SQSRecord {
  return {
    messageId,
    body,
    receiptHandle: messageId,
    attributes: {
      ApproximateReceiveCount: String(receiveCount),
      SentTimestamp: '',
      SenderId: '',
      ApproximateFirstReceiveTimestamp: '',
    },
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: '',
    awsRegion: '',
  };
}

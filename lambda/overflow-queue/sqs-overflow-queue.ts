import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import { encodeMessages } from './overflow-message.ts';
import type { OverflowQueue } from './overflow-queue.ts';

/**
 * The overflow queue in Amazon SQS.
 * @param openDeadline ends the requests at their deadline
 */
export function sqsOverflowQueue(
  client: Pick<SQSClient, 'send'>,
  queueUrl: string,
  openDeadline: OpenDeadline = abortAt,
): OverflowQueue {
  return {
    async send(judgements, deadline) {
      const messages = encodeMessages(judgements);
      if (!messages) return { unavailable: new Error('An event is too large for the overflow queue.') };
      using limit = openDeadline(deadline);
      const send = (MessageBody: string) =>
        client.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody }), { abortSignal: limit.signal });
      try {
        await Promise.all(messages.map(send));
        return undefined;
      } catch (unavailable) {
        return { unavailable };
      }
    },
  };
}

import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { progressOf } from '../progress.ts';

/** How long a message that was received is kept from other receivers, in seconds. */
export const HOLD_SECONDS = 300;

/** The queue of what could not be delivered. */
export interface DeadLetterQueue {
  /** All that is in it, each once, and kept from others for {@link HOLD_SECONDS}. */
  readonly receiveAll: () => Promise<readonly Message[]>;
  readonly delete: (message: Message) => Promise<void>;
  /** Puts a message back at once; where that fails, it comes back by itself. */
  readonly release: (message: Message) => Promise<void>;
  /** How many messages, about, someone else has received and holds. */
  readonly held: () => Promise<number>;
}

/** An SQS queue. */
export function deadLetterQueue(queueUrl: string): DeadLetterQueue {
  // The URL names the queue; where SQS is, the environment says, as for every other service.
  const client = new SQSClient({ useQueueUrlAsEndpoint: false });
  const QueueUrl = queueUrl;

  async function receive(): Promise<readonly Message[]> {
    const limits = { MaxNumberOfMessages: 10, VisibilityTimeout: HOLD_SECONDS };
    // Without waiting, SQS asks some of its servers only, and may miss a message.
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, ...limits, WaitTimeSeconds: 1 }));
    return Messages;
  }

  return {
    async receiveAll() {
      const progress = progressOf({ everyMs: 5_000 });
      const messages = new Map<string | undefined, Message>();
      for (let known = -1; known < messages.size; ) {
        known = messages.size;
        for (const message of await receive()) messages.set(message.MessageId, message);
        if (messages.size > 10) progress.show(`${messages.size} dead letters received`);
      }
      progress.end();
      return [...messages.values()];
    },
    async delete({ ReceiptHandle }) {
      await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
    },
    async release({ ReceiptHandle }) {
      const now = new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 });
      await client.send(now).catch(() => undefined);
    },
    async held() {
      const name = 'ApproximateNumberOfMessagesNotVisible';
      const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [name] }));
      return Number(Attributes?.[name] ?? 0);
    },
  };
}

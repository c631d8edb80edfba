import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { progressOf } from '../progress.ts';

/** How long a received message is hidden from other receivers, in seconds. */
export const HOLD_SECONDS = 300;

/** The queue of the events that could not be forwarded. */
export interface DeadLetterQueue {
  /** Receives every message once, and hides it from other receivers for {@link HOLD_SECONDS}. */
  readonly receiveAll: () => Promise<readonly Message[]>;
  readonly delete: (message: Message) => Promise<void>;
  /** Returns a message to the queue at once. If that fails, it returns when its time is over. */
  readonly release: (message: Message) => Promise<void>;
  /** About how many messages another receiver holds. */
  readonly held: () => Promise<number>;
}

/** A dead-letter queue in SQS. */
export function deadLetterQueue(queueUrl: string): DeadLetterQueue {
  // The URL only names the queue. The environment sets the endpoint of SQS, as of every other service.
  const client = new SQSClient({ useQueueUrlAsEndpoint: false });
  const QueueUrl = queueUrl;

  async function receive(): Promise<readonly Message[]> {
    const limits = { MaxNumberOfMessages: 10, VisibilityTimeout: HOLD_SECONDS };
    // Without waiting, SQS asks only some of its servers, and may miss messages.
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

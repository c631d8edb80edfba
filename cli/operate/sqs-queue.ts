import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { progressOf } from '../progress.ts';

/** How long a received message is hidden from other receivers, in seconds. */
export const HOLD_SECONDS = 300;

/** A queue whose messages an operator handles. */
export interface SqsQueue {
  /** Receives up to 10 messages, and hides them from other receivers for {@link HOLD_SECONDS}; none if the queue is empty. */
  readonly receive: () => Promise<readonly Message[]>;
  /**
   * Receives every message once, as above.
   * @param keep what to keep of a message, by default all of it
   */
  readonly receiveAll: (keep?: (message: Message) => Message) => Promise<readonly Message[]>;
  /** Puts a message into the queue. */
  readonly send: (message: Pick<Message, 'Body' | 'MessageAttributes'>) => Promise<void>;
  readonly delete: (message: Message) => Promise<void>;
  /** Returns a message to the queue at once. If that fails, it returns when its time is over. */
  readonly release: (message: Message) => Promise<void>;
  /** About how many messages another receiver holds. */
  readonly held: () => Promise<number>;
}

/** A queue, by its URL. */
export function sqsQueue(queueUrl: string): SqsQueue {
  // The URL only names the queue. The environment sets the endpoint of SQS, as of every other service.
  const client = new SQSClient({ useQueueUrlAsEndpoint: false });
  const QueueUrl = queueUrl;

  async function receive(): Promise<readonly Message[]> {
    const limits = { MaxNumberOfMessages: 10, VisibilityTimeout: HOLD_SECONDS, MessageAttributeNames: ['All'] };
    // Without waiting, SQS asks only some of its servers, and may miss messages.
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, ...limits, WaitTimeSeconds: 1 }));
    return Messages;
  }

  return {
    receive,
    async receiveAll(keep = (message) => message) {
      const progress = progressOf({ everyMs: 5_000 });
      const messages = new Map<string | undefined, Message>();
      for (let known = -1; known < messages.size; ) {
        known = messages.size;
        for (const message of await receive()) messages.set(message.MessageId, keep(message));
        if (messages.size > 10) progress.show(`${messages.size} messages received`);
      }
      progress.end();
      return [...messages.values()];
    },
    async send({ Body: MessageBody, MessageAttributes }) {
      await client.send(new SendMessageCommand({ QueueUrl, MessageBody, MessageAttributes }));
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

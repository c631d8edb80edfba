import { createHash } from 'node:crypto';
import type { AwsAnswer, AwsService } from './aws-transport.ts';
import type { ServiceName } from './outages.ts';

/** A message of a queue. */
export interface QueueMessage {
  readonly id: string;
  readonly body: string;
  /** When it was sent, in epoch milliseconds. */
  readonly sentAt: number;
}

/** A queue of SQS. */
export interface SimulatedQueue extends AwsService {
  readonly url: string;
  /** The messages that were not deleted yet. */
  readonly messages: ReadonlyMap<string, QueueMessage>;
  /** Puts a message into the queue, as Lambda itself does. */
  readonly put: (body: string) => QueueMessage;
  readonly remove: (id: string) => void;
}

/** Makes an empty queue. @param now epoch milliseconds @param onMessage is called after each message that arrives */
export function simulatedQueue(
  name: ServiceName,
  now: () => number,
  onMessage: (message: QueueMessage) => void = () => undefined,
): SimulatedQueue {
  const messages = new Map<string, QueueMessage>();
  let sent = 0;

  function put(body: string): QueueMessage {
    sent += 1;
    const message = { id: `${name} ${sent}`, body, sentAt: now() };
    messages.set(message.id, message);
    onMessage(message);
    return message;
  }

  return {
    name,
    url: `https://sqs.eu-north-1.amazonaws.com/111122223333/${name.replace(' ', '-')}`,
    messages,
    put,
    remove: (id) => void messages.delete(id),
    answer({ operation, input }): AwsAnswer {
      if (operation !== 'SendMessage') return { __type: 'AccessDeniedException', message: operation };
      const body = String(input.MessageBody);
      // The client checks it.
      return { MessageId: put(body).id, MD5OfMessageBody: createHash('md5').update(body).digest('hex') };
    },
  };
}

import { createHash } from 'node:crypto';
import type { AwsAnswer, AwsCall } from './aws-endpoint.ts';

/** An SQS queue with these messages by id. A message that is sent to it gets the next of the ids `sent-1`, `sent-2`, … */
export interface DeadLetters {
  readonly answers: Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer>>;
  /** The ids of all its messages, and of those that can be received now. */
  readonly left: () => readonly string[];
  readonly visible: () => readonly string[];
  readonly bodyOf: (id: string) => string | undefined;
}

/** All messages can be received at first, two at a time: SQS may return fewer than a client asks for. */
export function deadLetters(bodies: Readonly<Record<string, string>>): DeadLetters {
  const messages = new Map(Object.entries(bodies));
  const held = new Set<string>();
  const visible = () => [...messages.keys()].filter((id) => !held.has(id));
  let sent = 0;
  const idOf = ({ ReceiptHandle }: AwsCall['input']) => String(ReceiptHandle).replace('handle of ', '');

  return {
    left: () => [...messages.keys()],
    visible,
    bodyOf: (id) => messages.get(id),
    answers: {
      SendMessage({ MessageBody }) {
        sent += 1;
        messages.set(`sent-${sent}`, String(MessageBody));
        return { MessageId: `sent-${sent}`, MD5OfMessageBody: md5(String(MessageBody)) };
      },
      ReceiveMessage() {
        const ids = visible().slice(0, 2);
        for (const id of ids) held.add(id);
        return { Messages: ids.map((id) => messageOf(id, messages.get(id) ?? '')) };
      },
      DeleteMessage(input) {
        messages.delete(idOf(input));
        held.delete(idOf(input));
        return {};
      },
      ChangeMessageVisibility(input) {
        if (input.VisibilityTimeout === 0) held.delete(idOf(input));
        return {};
      },
      GetQueueAttributes: () => ({ Attributes: { ApproximateNumberOfMessagesNotVisible: `${held.size}` } }),
    },
  };
}

function messageOf(id: string, body: string) {
  return { MessageId: id, ReceiptHandle: `handle of ${id}`, Body: body, MD5OfBody: md5(body) };
}

const md5 = (body: string) => createHash('md5').update(body).digest('hex');

/** The answers of several queues, by their URLs. */
export function answersByQueue(queues: Readonly<Record<string, DeadLetters>>): DeadLetters['answers'] {
  const operations = Object.values(queues).flatMap(({ answers }) => Object.keys(answers));
  const answer = (operation: string) => (input: AwsCall['input']) => {
    const missing = { __type: 'QueueDoesNotExist', message: String(input.QueueUrl) };
    return queues[String(input.QueueUrl)]?.answers[operation]?.(input) ?? missing;
  };
  return Object.fromEntries(operations.map((operation) => [operation, answer(operation)]));
}

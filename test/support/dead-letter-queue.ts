import { createHash } from 'node:crypto';
import type { AwsAnswer, AwsCall } from './aws-endpoint.ts';

/** An SQS queue with these messages by id. */
export interface DeadLetters {
  readonly answers: Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer>>;
  /** The ids of all its messages, and of those that can be received now. */
  readonly left: () => readonly string[];
  readonly visible: () => readonly string[];
}

/** All messages can be received at first, two at a time: SQS may return fewer than a client asks for. */
export function deadLetters(bodies: Readonly<Record<string, string>>): DeadLetters {
  const messages = new Map(Object.entries(bodies));
  const held = new Set<string>();
  const visible = () => [...messages.keys()].filter((id) => !held.has(id));
  const idOf = ({ ReceiptHandle }: AwsCall['input']) => String(ReceiptHandle).replace('handle of ', '');

  return {
    left: () => [...messages.keys()],
    visible,
    answers: {
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
  const md5 = createHash('md5').update(body).digest('hex');
  return { MessageId: id, ReceiptHandle: `handle of ${id}`, Body: body, MD5OfBody: md5 };
}

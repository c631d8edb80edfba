import type { InboxEvent } from './inbox-event.ts';

/** A record of SQS, as Lambda gets it. */
export interface SqsRecord {
  readonly messageId: string;
  readonly body: string;
}

/**
 * The event in a message that a rule's target put on a queue, for a function behind that queue.
 * @typeParam TEvent the events that the rule lets through; they are not checked again
 * @throws {Error} if the message is not an event of an inbox, such as one that the target's input transformer has changed
 */
export function parseSqsRecord<TEvent extends InboxEvent = InboxEvent>({ messageId, body }: SqsRecord): TEvent {
  const value = parse(body);
  if (isInboxEvent(value)) return value as TEvent;
  throw new Error(`The SQS message ${messageId} is not an event of an inbox as a rule of EventBridge sends it.`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isInboxEvent(value: unknown): value is InboxEvent {
  const { source, detail } = Object(value);
  const { id, payload_sha256 } = Object(detail);
  const isFromInbox = typeof source === 'string' && source.startsWith('webhook-inbox.');
  return isFromInbox && typeof id === 'string' && typeof payload_sha256 === 'string';
}

import type { Message } from '@aws-sdk/client-sqs';
import { decodeMessage } from '../../lambda/overflow-queue/overflow-message.ts';
import type { Judgement } from '../../lambda/storage/judgement.ts';
import { deadLetterOf } from './dead-letter.ts';

/** Describes what a dead letter of forwarding or of the overflow queue is about. Nothing of a payload is in the text. */
export function describeDeadLetter({ Body = '' }: Message): string {
  const letter = deadLetterOf(Body);
  if (!letter) return describeOverflow(Body) ?? UNKNOWN;
  if ('event' in letter)
    return `${letter.event.id} of the table ${letter.event.table}, refused: ${letter.event.reason}`;
  const { size, arrivedFrom, arrivedTo } = letter.batch;
  return `${size} records of the stream, which arrived from ${iso(arrivedFrom)} to ${iso(arrivedTo)}`;
}

const UNKNOWN = 'a message that names no event and no batch of a DynamoDB stream';

/** @returns undefined if it is no message of the overflow queue */
function describeOverflow(body: string): string | undefined {
  try {
    return `acknowledged events, which may be stored nowhere else: ${decodeMessage(body).map(idOf).join(', ')}`;
  } catch {
    return undefined;
  }
}

function idOf(judgement: Judgement): string {
  if ('valid' in judgement) return `${judgement.valid.source}#${judgement.valid.id}`;
  const { source, eventId, reason } = judgement.invalid;
  return `${source}#${eventId ?? ''} (${reason})`;
}

const iso = (time: number) => new Date(time).toISOString();

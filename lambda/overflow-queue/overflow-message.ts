import { isUtf8 } from 'node:buffer';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { Judgement } from '../storage/judgement.ts';

/**
 * The largest message that SQS accepts, in bytes.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
 */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/**
 * The most events in a message. The overflow function stores so many in half of its time, even in a new instance, where an
 * event takes 3 ms. A message that it cannot store in one invocation would begin at its first event every time, and end as
 * a dead letter.
 */
export const MAX_MESSAGE_EVENTS = 2_500;

/** More than the events of any body take: of a message that claims more, none is read. */
const MAX_DECOMPRESSED_BYTES = 256 * 1024 * 1024;

/**
 * The bodies of the messages that hold the events: JSON, compressed, in Base64. One holds up to 2,500 events, unless SQS
 * would not accept it.
 * @returns undefined if an event by itself is too large for a message
 */
export function encodeMessages(judgements: readonly Judgement[]): readonly string[] | undefined {
  const message = judgements.length <= MAX_MESSAGE_EVENTS ? encode(judgements) : undefined;
  if (message && message.length <= MAX_MESSAGE_BYTES) return [message];
  if (judgements.length === 1) return undefined;
  const middle = Math.ceil(judgements.length / 2);
  const first = encodeMessages(judgements.slice(0, middle));
  const second = first && encodeMessages(judgements.slice(middle));
  return second && [...first, ...second];
}

/**
 * The events of a message.
 * @throws {Error} if it is not a message that `encodeMessages` makes
 */
export function decodeMessage(message: string): readonly Judgement[] {
  const json = gunzipSync(Buffer.from(message, 'base64'), { maxOutputLength: MAX_DECOMPRESSED_BYTES });
  return JSON.parse(json.toString()).map(revive);
}

function encode(judgements: readonly Judgement[]): string {
  return gzipSync(JSON.stringify(judgements.map(flatten))).toString('base64');
}

/** A payload in JSON: text compresses far better than its Base64. */
type FlatPayload = { readonly text: string } | { readonly base64: string };

/** An event as JSON has it. */
type Flat<Event> = Omit<Event, 'payload'> & { readonly payload: FlatPayload };

type FlatJudgement =
  | { readonly valid: Flat<Extract<Judgement, { valid: unknown }>['valid']> }
  | { readonly invalid: Flat<Extract<Judgement, { invalid: unknown }>['invalid']> };

function flatten(judgement: Judgement): FlatJudgement {
  if ('valid' in judgement) return { valid: { ...judgement.valid, payload: flatPayload(judgement.valid.payload) } };
  return { invalid: { ...judgement.invalid, payload: flatPayload(judgement.invalid.payload) } };
}

function revive(flat: FlatJudgement): Judgement {
  if ('valid' in flat) return { valid: { ...flat.valid, payload: payloadBytes(flat.valid.payload) } };
  return { invalid: { ...flat.invalid, payload: payloadBytes(flat.invalid.payload) } };
}

function flatPayload(payload: Buffer): FlatPayload {
  return isUtf8(payload) ? { text: payload.toString() } : { base64: payload.toString('base64') };
}

function payloadBytes(payload: FlatPayload): Buffer {
  return 'text' in payload ? Buffer.from(payload.text) : Buffer.from(payload.base64, 'base64');
}

import { randomUUID } from 'node:crypto';
import { type Agent, request } from 'node:http';
import { genericDelivery, genericEvent } from './deliveries.ts';

/** A request, and the response that it must get. */
export interface SoakRequest {
  /** Description, such as `a duplicate`. */
  readonly name: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  /** Status code, and a text that the body contains. */
  readonly expected: { readonly status: number; readonly text: string };
}

const PATH = '/webhooks/generic';
const JSON_TYPE = { 'content-type': 'application/json' };

function signedHeaders(body: string, secret: string): Record<string, string> {
  return { ...JSON_TYPE, 'x-signature': genericDelivery(body, secret).headers['X-Signature'] ?? '' };
}

const hostile = (name: string, status: number, code: string, rest: Partial<SoakRequest>): SoakRequest => {
  return {
    name,
    path: PATH,
    headers: JSON_TYPE,
    body: genericEvent(randomUUID()),
    ...rest,
    expected: { status, text: code },
  };
};

/** Requests of attackers and defective senders. */
const HOSTILE: readonly ((secret: string) => SoakRequest)[] = [
  () => hostile('a forgery', 401, 'invalid_signature', { headers: signedHeaders('another body', 'a guess') }),
  () => hostile('an unsigned request', 401, 'invalid_signature', {}),
  () => hostile('a non-ASCII signature', 401, 'invalid_signature', { headers: NON_ASCII }),
  () => hostile('plain text', 415, 'unsupported_media_type', { headers: { 'content-type': 'text/plain' } }),
  () => hostile('an unknown path', 404, 'not_found', { path: `/webhooks/${randomUUID()}` }),
  () => hostile('a large body', 413, 'payload_too_large', { body: Buffer.alloc(1_100_000, 'x') }),
  (secret) => hostile('malformed JSON', 400, 'malformed_body', { body: '{', headers: signedHeaders('{', secret) }),
  (secret) => hostile('nested JSON', 400, 'malformed_body', { body: NESTED, headers: signedHeaders(NESTED, secret) }),
  (secret) => hostile('an empty object', 422, 'invalid_event', { body: '{}', headers: signedHeaders('{}', secret) }),
];

const NON_ASCII = { ...JSON_TYPE, 'x-signature': 'sha256=é' };
const NESTED = '['.repeat(5_000) + ']'.repeat(5_000);

/** Requests per batch. */
export const BATCH_SIZE = 10;

/**
 * Endless batches of {@link BATCH_SIZE} requests to send in order: six new events, duplicates of two of them, and two
 * hostile requests.
 */
export function* batches(secret: string): Generator<SoakRequest[], never> {
  for (let count = 0; ; count += 2) {
    const events = Array.from({ length: 6 }, () => newEvent(secret));
    const duplicates = events.slice(0, 2).map((event) => ({ ...event, name: 'a duplicate', expected: DUPLICATE }));
    const others = [count, count + 1].flatMap((index) => HOSTILE[index % HOSTILE.length]?.(secret) ?? []);
    yield [...events, ...duplicates, ...others];
  }
}

const PROCESSED = { status: 200, text: '"status":"processed"' };
const DUPLICATE = { status: 200, text: '"status":"duplicate"' };

function newEvent(secret: string): SoakRequest {
  const body = genericEvent(randomUUID());
  return { name: 'a new event', path: PATH, headers: signedHeaders(body, secret), body, expected: PROCESSED };
}

/** Time-out of a response, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Sends a request. @returns what is wrong with the response; undefined if it is as expected */
export function send(url: string, agent: Agent, soakRequest: SoakRequest): Promise<string | undefined> {
  const { name, path, headers, body, expected } = soakRequest;
  return new Promise((resolve) => {
    const sent = request(url + path, { method: 'POST', agent, timeout: TIMEOUT_MS, headers });
    sent.once('timeout', () => sent.destroy(new Error('no response in time')));
    sent.once('error', (error) => resolve(`${name}: ${error.message}`));
    sent.once('response', async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      const isExpected = response.statusCode === expected.status && text.includes(expected.text);
      resolve(isExpected ? undefined : `${name}: ${response.statusCode} ${text}`);
    });
    sent.end(body);
  });
}

import { randomUUID } from 'node:crypto';
import { type Agent, request } from 'node:http';
import { genericDelivery, genericEvent } from './deliveries.ts';

/** One request, and what it must be answered. */
export interface Shot {
  readonly what: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
  readonly expected: { readonly status: number; readonly text: string };
}

const PATH = '/webhooks/generic';
const JSON_TYPE = { 'content-type': 'application/json' };

/** The headers of a request that is signed with this secret. */
function signed(body: string, secret: string): Record<string, string> {
  return { ...JSON_TYPE, 'x-signature': genericDelivery(body, secret).headers['X-Signature'] ?? '' };
}

const refused = (what: string, status: number, code: string, rest: Partial<Shot>): Shot => {
  return {
    what,
    path: PATH,
    headers: JSON_TYPE,
    body: genericEvent(randomUUID()),
    ...rest,
    expected: { status, text: code },
  };
};

/** What strangers and broken senders send; one of them each time, in turn. */
const HOSTILE: readonly ((secret: string) => Shot)[] = [
  () => refused('forged', 401, 'invalid_signature', { headers: signed('another body', 'a guess') }),
  () => refused('unsigned', 401, 'invalid_signature', {}),
  () => refused('odd signature', 401, 'invalid_signature', { headers: { ...JSON_TYPE, 'x-signature': 'sha256=é' } }),
  () => refused('plain text', 415, 'unsupported_media_type', { headers: { 'content-type': 'text/plain' } }),
  () => refused('unknown path', 404, 'not_found', { path: `/webhooks/${randomUUID()}` }),
  () => refused('too large', 413, 'payload_too_large', { body: Buffer.alloc(1_100_000, 'x') }),
  (secret) => refused('not JSON', 400, 'malformed_body', { body: '{', headers: signed('{', secret) }),
  (secret) => refused('nested', 400, 'malformed_body', { body: NESTED, headers: signed(NESTED, secret) }),
  (secret) => refused('empty', 422, 'invalid_event', { body: '{}', headers: signed('{}', secret) }),
];

const NESTED = '['.repeat(5_000) + ']'.repeat(5_000);

/** Ten requests to be sent in turn, over and over: six new events, two of them again, and two hostile requests. */
export function* tens(secret: string): Generator<Shot[], never> {
  for (let count = 0; ; count += 2) {
    const stored = Array.from({ length: 6 }, () => newEvent(secret));
    const again = stored.slice(0, 2).map((shot) => ({ ...shot, what: 'a duplicate', expected: DUPLICATE }));
    const hostile = [count, count + 1].flatMap((index) => HOSTILE[index % HOSTILE.length]?.(secret) ?? []);
    yield [...stored, ...again, ...hostile];
  }
}

const PROCESSED = { status: 200, text: '"status":"processed"' };
const DUPLICATE = { status: 200, text: '"status":"duplicate"' };

function newEvent(secret: string): Shot {
  const body = genericEvent(randomUUID());
  return { what: 'a new event', path: PATH, headers: signed(body, secret), body, expected: PROCESSED };
}

/** How long an answer may take, in milliseconds. */
const TIMEOUT_MS = 10_000;

/** Sends a request; what is wrong with the answer, in words, or undefined. */
export function fire(url: string, agent: Agent, shot: Shot): Promise<string | undefined> {
  const { what, path, headers, body, expected } = shot;
  return new Promise((resolve) => {
    const sent = request(url + path, { method: 'POST', agent, timeout: TIMEOUT_MS, headers });
    sent.once('timeout', () => sent.destroy(new Error('no answer in time')));
    sent.once('error', (error) => resolve(`${what}: ${error.message}`));
    sent.once('response', async (response) => {
      const text = Buffer.concat(await response.toArray()).toString();
      const isRight = response.statusCode === expected.status && text.includes(expected.text);
      resolve(isRight ? undefined : `${what} was answered ${response.statusCode} ${text}`);
    });
    sent.end(body);
  });
}

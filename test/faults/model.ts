import { expect } from '@jest/globals';
import type { FaultyInbox } from '../support/faulty-inbox.ts';
import type { Answer } from '../support/http.ts';

/** The times that the receiver is started with here, in seconds. */
export const TIMES = { retention: 3_600, grace: 600, cached: 300, refresh: 2, skew: 300 } as const;

/** The time during which a signing secret is the current one, in epoch milliseconds. */
interface Generation {
  readonly since: number;
  readonly until: number | undefined;
}

/** A request that was sent, and may be sent again. */
export interface Sent {
  readonly source: string;
  readonly eventId: string;
  /** The signed time of the event, in epoch seconds. */
  readonly timestamp: number;
  readonly body: string;
  readonly signature: string;
  /** The index of the source's secret that signed it; undefined if none did, or if it was changed afterwards. */
  readonly generation: number | undefined;
}

/** An item, with the attributes that the model needs. */
export interface Item {
  readonly body: string;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

/** The expected state of the inbox: what it must hold, and what it may accept. */
export interface Model {
  now: number;
  /** By key; expired items included until they are deleted. */
  readonly items: Map<string, Item>;
  /** Bodies that were processed, which must never be processed again. */
  readonly processed: Set<string>;
  readonly sent: Sent[];
  /** By source, the oldest first. */
  readonly generations: Map<string, Generation[]>;
  table: 'well' | 'failing' | 'losing';
  secrets: 'well' | 'failing';
  /** The last time at which reading secrets failed, in epoch milliseconds. */
  secretsFailedAt: number;
}

const keyOf = ({ source, eventId }: Sent) => `${source}#${eventId}`;

/** The item under a key, unless it has expired. */
export function liveItem({ items, now }: Model, key: string): Item | undefined {
  const item = items.get(key);
  return item && item.expiresAt >= Math.floor(now / 1000) ? item : undefined;
}

/**
 * What the signature has to come to. `either`: a rotation is so recent that what is cached decides, or an old secret's
 * grace is over but the time that it may be cached is not. While Secrets Manager fails, that time goes on.
 */
function verdictOf(model: Model, { source, generation }: Sent): 'valid' | 'invalid' | 'either' {
  const all = model.generations.get(source) ?? [];
  const signer = generation === undefined ? undefined : all[generation];
  if (!signer) return 'invalid';
  const isKnown = model.now - signer.since >= TIMES.refresh * 1000;
  if (signer.until === undefined) return isKnown ? 'valid' : 'either';
  const age = (model.now - signer.until) / 1000;
  if (age >= Math.max(TIMES.grace, TIMES.cached) && !isFailing(model)) return 'invalid';
  const isPrevious = generation === all.length - 2;
  return isPrevious && isKnown && age < TIMES.grace ? 'valid' : 'either';
}

/** Whether a read of a secret fails, or one that failed is remembered. */
function isFailing({ now, secrets, secretsFailedAt }: Model): boolean {
  return secrets === 'failing' || now - secretsFailedAt < TIMES.refresh * 1000;
}

/** Whether the time that it signs is one at which an event may be stored. */
function isTimely({ now }: Model, { timestamp }: Sent): boolean {
  return timestamp * 1000 <= now + TIMES.skew * 1000 && timestamp * 1000 >= now - TIMES.retention * 1000;
}

/** Every answer that is right for a request, whatever the requests that came at the same time did. */
function answersTo(model: Model, sent: Sent): string[] {
  const verdict = verdictOf(model, sent);
  const afterwards = isTimely(model, sent) ? storedAnswers(model, sent) : ['422'];
  return [
    ...(verdict === 'valid' ? [] : ['401']),
    ...(verdict === 'invalid' ? [] : afterwards),
    ...(isFailing(model) ? ['503'] : []),
  ];
}

function storedAnswers(model: Model, sent: Sent): string[] {
  if (model.table !== 'well') return ['503', 'processed', 'duplicate', '409'];
  const live = liveItem(model, keyOf(sent));
  if (!live) return ['processed', 'duplicate', '409'];
  return live.body === sent.body ? ['duplicate'] : ['409'];
}

const wordOf = ({ status, text }: Answer): string => (status === 200 ? JSON.parse(text).status : String(status));

/** Checks the answers to concurrent requests for one id against the table. */
export async function judge(model: Model, inbox: FaultyInbox, sent: readonly Sent[], answers: readonly Answer[]) {
  const [first] = sent;
  if (!first) return;
  const key = keyOf(first);
  const before = liveItem(model, key);
  const after = await readItem(inbox, key);
  const words = answers.map(wordOf);
  for (const [index, each] of sent.entries()) {
    expect(answersTo(model, each)).toContain(words[index]);
    if (isAboutAnItem(words[index])) expect(after?.expiresAt).toBeGreaterThanOrEqual(Math.floor(model.now / 1000));
    if (isAboutAnItem(words[index])) expect(after?.body === each.body).toBe(words[index] !== '409');
  }
  const processed = words.filter((word) => word === 'processed').length;
  if (before || !isChanged(model, key, after)) expect([processed, after]).toEqual([0, model.items.get(key)]);
  else recordNew(model, sent, after as Item, { processed, key });
}

/** Whether the answer means that the table has a live item under the id. */
const isAboutAnItem = (word = '') => ['processed', 'duplicate', '409'].includes(word);

const isChanged = (model: Model, key: string, after: Item | undefined) =>
  JSON.stringify(after) !== JSON.stringify(model.items.get(key));

/** Checks that a new item was written once, by a request that may be verified, and that it was answered so. */
function recordNew(
  model: Model,
  sent: readonly Sent[],
  after: Item,
  { processed, key }: { processed: number; key: string },
) {
  const writers = sent.filter((each) => each.body === after.body && verdictOf(model, each) !== 'invalid');
  expect(writers).not.toEqual([]);
  expect(writers.every((each) => isTimely(model, each))).toBe(true);
  const signedAt = writers[0]?.timestamp ?? 0;
  expect(after.expiresAt).toBe(Math.max(Math.floor(model.now / 1000), signedAt) + TIMES.retention);
  if (model.table === 'well') expect(processed).toBe(1);
  else expect(processed).toBeLessThanOrEqual(1);
  const body = `${key} ${after.body}`;
  expect(model.processed).not.toContain(body);
  model.processed.add(body);
  model.items.set(key, after);
}

/** The item in the embedded DynamoDB, read without a fault. */
async function readItem(inbox: FaultyInbox, key: string): Promise<Item | undefined> {
  const item = await inbox.item(key);
  return item && { body: String(item.payload?.S), expiresAt: Number(item.expires_at?.N) };
}

/** Checks that the table holds exactly the items of the model. */
export async function expectTable(model: Model, inbox: FaultyInbox): Promise<void> {
  const items = (await inbox.items()).map(({ id, payload }): [string, string] => [String(id?.S), String(payload?.S)]);
  expect(new Map(items)).toEqual(new Map([...model.items].map(([key, { body }]) => [key, body])));
}

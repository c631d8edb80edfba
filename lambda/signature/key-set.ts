import { createHash, createPublicKey, type JsonWebKeyInput, type KeyObject } from 'node:crypto';
import { type Reading, staleIfErrorCache } from '../cache/stale-if-error-cache.ts';
import { download, type Failure, type Fetch } from './download.ts';
import { fetchBudget } from './fetch-budget.ts';
import { isJsonObject, jsonObject } from './json-body.ts';

/** A set of public keys that a provider publishes. */
export interface KeySet {
  /**
   * The key of an id.
   * @returns `refused` if the set has no such key
   */
  readonly get: (kid: string, context: KeySetContext) => Promise<KeyObject | Failure>;
}

/** What a key is looked up with. */
export interface KeySetContext {
  /** Epoch milliseconds. */
  readonly now: number;
  readonly fetch: Fetch;
}

/** The keys of a set, by id. */
type Keys = ReadonlyMap<string, KeyObject>;

/** How long a set is used without another fetch, in milliseconds. */
const FRESH_MS = 3600_000;
/** How long a set is used while it cannot be fetched, in milliseconds: as long as a secret. */
const USABLE_MS = 24 * FRESH_MS;
/** How long a failed fetch is remembered, in milliseconds; a short time if a genuine message may wait for it. */
const FAILED_MS = 60_000;
const UNAVAILABLE_MS = 2_000;
/** A set that was fetched within this time, in milliseconds, is not fetched again for a key that it lacks. */
const NEW_MS = 2_000;
/** More keys than providers publish. */
const MAX_KEYS = 32;

/**
 * A JSON Web Key Set, fetched over HTTPS from a URL that the definition of a provider fixes, without redirects and with
 * bounds on size and time. The set is fetched again after an hour; while that fails, it is used for a day. A provider may
 * sign with a new key before that, so an unknown key id causes a fetch, too. Anyone can name one, so a
 * {@link fetchBudget} limits these fetches.
 * @param isKey keys of other kinds are left out
 * @param random from 0 to 1 @default Math.random
 * @see https://www.rfc-editor.org/rfc/rfc7517#section-5
 */
export function fetchedKeySet(url: URL, isKey: (key: KeyObject) => boolean, random = Math.random): KeySet {
  const cache = staleIfErrorCache<Keys, Failure>();
  const budget = fetchBudget(random);
  return {
    async get(kid, { now, fetch }) {
      const read = (known: Keys | undefined) => readKeys(url, isKey, { now, fetch }, known);
      const keys = await cache.get(url.href, now, read);
      if (typeof keys === 'string') return keys;
      const key = keys.get(kid);
      if (key) return key;
      if (!budget(kid, now)) return 'unavailable';
      const newer = await cache.refresh(url.href, { now, since: now - NEW_MS }, read);
      return typeof newer === 'string' ? newer : (newer.get(kid) ?? 'refused');
    },
  };
}

/** Whatever fails, the set is there at another time: its URL is the provider's. */
async function readKeys(
  url: URL,
  isKey: (key: KeyObject) => boolean,
  { now, fetch }: KeySetContext,
  known: Keys | undefined,
): Promise<Reading<Keys, Failure>> {
  const text = await download(fetch, url);
  const keys = text === 'refused' || text === 'unavailable' ? undefined : parseKeys(text, isKey);
  if (!keys) return { failure: 'unavailable', retryAt: now + (known ? FAILED_MS : UNAVAILABLE_MS) };
  return { value: keys, freshUntil: now + FRESH_MS, usableUntil: now + USABLE_MS };
}

/** The keys of a set; undefined if the text is no set, or has no key of the kind. */
function parseKeys(text: string, isKey: (key: KeyObject) => boolean): Keys | undefined {
  const list = jsonObject(Buffer.from(text))?.keys;
  const entries = Array.isArray(list) ? list.slice(0, MAX_KEYS).flatMap((each) => entryOf(each, isKey)) : [];
  return entries.length > 0 ? new Map(entries) : undefined;
}

function entryOf(jwk: unknown, isKey: (key: KeyObject) => boolean): readonly (readonly [string, KeyObject])[] {
  if (!isJsonObject(jwk) || typeof jwk.kid !== 'string' || (jwk.use !== undefined && jwk.use !== 'sig')) return [];
  try {
    const key = createPublicKey({ key: jwk as JsonWebKeyInput['key'], format: 'jwk' });
    return isKey(key) ? [[jwk.kid, key]] : [];
  } catch {
    return [];
  }
}

/** The id of a key that this code signs with. */
export function keyId(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(publicKey.export({ format: 'der', type: 'spki' }))
    .digest('base64url');
}

/** A set of one key, as a provider would publish it. */
export function keySetOf(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return JSON.stringify({ keys: [{ ...publicKey.export({ format: 'jwk' }), kid: keyId(key), use: 'sig' }] });
}

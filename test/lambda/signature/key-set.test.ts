import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { Fetch } from '../../../lambda/signature/download.ts';
import { fetchedKeySet, keyId, keySetOf } from '../../../lambda/signature/key-set.ts';
import { isRsaKey } from '../../../lambda/signature/public-key.ts';

const NOW = Date.parse('2026-03-01T12:00:00Z');
const HOUR = 3600_000;
const URL_OF_SET = new URL('https://keys.example.com/certs');

const rsaKey = () => generateKeyPairSync('rsa', { modulusLength: 2_048 }).publicKey;
const [one, two] = [rsaKey(), rsaKey()];
const jwkOf = (key: KeyObject, more: object = {}) => ({ ...key.export({ format: 'jwk' }), kid: keyId(key), ...more });
const setOf = (...jwks: unknown[]) => JSON.stringify({ keys: jwks });

/** A host that publishes what the test sets, and counts the requests. */
function host(published: string | (() => Response) = setOf(jwkOf(one))) {
  const state = { published, requests: 0 };
  const fetch: Fetch = async (url, init) => {
    state.requests += 1;
    expect([url.href, init.redirect]).toEqual([URL_OF_SET.href, 'error']);
    return typeof state.published === 'string' ? new Response(state.published) : state.published();
  };
  const keySet = fetchedKeySet(URL_OF_SET, isRsaKey, () => 0.5);
  const get = async (kid: string, now = NOW) => {
    const key = await keySet.get(kid, { now, fetch });
    return typeof key === 'string' ? key : keyId(key);
  };
  return { state, get };
}

const fails = () => new Response('', { status: 500 });

describe('A key of a published set', () => {
  it('is found by its id, and fetched once an hour', async () => {
    const { state, get } = host(setOf(jwkOf(one), jwkOf(two)));
    expect(await get(keyId(one))).toBe(keyId(one));
    expect(await get(keyId(two), NOW + HOUR - 1)).toBe(keyId(two));
    expect(state.requests).toBe(1);
    expect(await get(keyId(one), NOW + HOUR)).toBe(keyId(one));
    expect(state.requests).toBe(2);
  });

  it('is no longer found once the provider has withdrawn it', async () => {
    const { state, get } = host();
    expect(await get(keyId(one))).toBe(keyId(one));
    state.published = setOf(jwkOf(two));
    expect(await get(keyId(one), NOW + HOUR)).toBe('refused');
  });

  it('stays in use for a day while its host fails', async () => {
    const { state, get } = host();
    await get(keyId(one));
    state.published = fails;
    expect(await get(keyId(one), NOW + 24 * HOUR - 1)).toBe(keyId(one));
    expect(await get(keyId(one), NOW + 24 * HOUR + 60_000)).toBe('unavailable');
  });

  it('is fetched at once if it is new', async () => {
    const { state, get } = host();
    await get(keyId(one));
    state.published = setOf(jwkOf(one), jwkOf(two));
    expect(await get(keyId(two), NOW + 2_000)).toBe(keyId(two));
    expect(await get(keyId(one), NOW + 2_000)).toBe(keyId(one));
    expect(state.requests).toBe(2);
  });
});

describe('An unknown key', () => {
  it('is refused without a fetch if the set was fetched within two seconds', async () => {
    const { state, get } = host();
    expect(await get('unknown')).toBe('refused');
    expect(await get('unknown', NOW + 1_999)).toBe('refused');
    expect(state.requests).toBe(1);
    expect(await get('unknown', NOW + 2_000)).toBe('refused');
    expect(state.requests).toBe(2);
  });

  it('is unavailable while the host fails, and known keys stay in use', async () => {
    const { state, get } = host();
    await get(keyId(one));
    state.published = fails;
    expect(await get(keyId(two), NOW + 10_000)).toBe('unavailable');
    expect(await get(keyId(one), NOW + 10_000)).toBe(keyId(one));
  });

  it('causes few fetches, however many there are, and is unavailable beyond them', async () => {
    const { state, get } = host();
    const results = new Set<string>();
    for (let each = 0; each < 1_000; each += 1)
      results.add(await get(`forged-${each}`, NOW + 3_000 * (1 + each / 500)));
    expect(results).toEqual(new Set(['refused', 'unavailable']));
    expect(state.requests).toBeLessThanOrEqual(8);
    expect(await get(keyId(one), NOW + 10_000)).toBe(keyId(one));
  });
});

describe('A set', () => {
  it.each<[string, string | (() => Response)]>([
    ['fails', fails],
    ['is not found', () => new Response('', { status: 404 })],
    ['is no JSON', '{'],
    ['is no set', '[]'],
    ['has no list', '{"keys":{}}'],
    ['is empty', setOf()],
    ['is too large', setOf(jwkOf(one), 'x'.repeat(65_536))],
    ['has no key of the kind', setOf(jwkOf(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey))],
    ['has no key that may sign', setOf(jwkOf(one, { use: 'enc' }))],
    ['has a key without an id', setOf(jwkOf(one, { kid: undefined }))],
    ['has a shared key', setOf({ kty: 'oct', k: 'c2VjcmV0', kid: keyId(one) })],
    ['has a key that is too short', setOf(jwkOf(generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey))],
  ])('that %s has no keys for now, and is fetched again two seconds later', async (_, published) => {
    const { state, get } = host(published);
    expect(await get(keyId(one))).toBe('unavailable');
    expect(await get(keyId(one), NOW + 1_999)).toBe('unavailable');
    expect(state.requests).toBe(1);
    state.published = setOf(jwkOf(one));
    expect(await get(keyId(one), NOW + 2_000)).toBe(keyId(one));
  });

  it('may hold what is no key beside those that are', async () => {
    const others = [null, 7, {}, { kid: keyId(one) }, { kty: 'RSA', n: 'AQAB', e: '', kid: 'x' }];
    expect(await host(setOf(...others, jwkOf(one))).get(keyId(one))).toBe(keyId(one));
  });

  it('is read up to its 32nd key', async () => {
    const fill = (count: number) => Array.from({ length: count }, (_, index) => ({ kid: `k${index}` }));
    expect(await host(setOf(...fill(31), jwkOf(one))).get(keyId(one))).toBe(keyId(one));
    expect(await host(setOf(...fill(32), jwkOf(one))).get(keyId(one))).toBe('unavailable');
  });

  it('of a private key holds its public key alone', () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2_048 });
    expect(keySetOf(privateKey)).toBe(keySetOf(publicKey));
    expect(Object.keys(JSON.parse(keySetOf(privateKey)).keys[0]).toSorted()).toEqual(['e', 'kid', 'kty', 'n', 'use']);
  });
});

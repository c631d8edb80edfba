import { describe, expect, it } from '@jest/globals';
import { cachedSecrets } from '../../../lambda/secrets/cached-secrets.ts';
import type { SecretResult, SecretUnavailable } from '../../../lambda/secrets/signing-secret.ts';

const DEADLINE = Number.POSITIVE_INFINITY;
const HOUR = 3600_000;

const good = (current: string): SecretResult => ({ secret: { current } });
const none = (reason: SecretUnavailable['reason']): SecretResult => ({ unavailable: { reason } });
const unreachable = none('secret_unreachable');

/** Cached secrets over a store that the test controls. */
function secretsOver(first: SecretResult) {
  const store = { result: first, reads: [] as string[], deadlines: [] as number[] };
  const clock = { now: 1_000_000 };
  const read = async (source: string, deadline: number) => {
    store.reads.push(source);
    store.deadlines.push(deadline);
    return store.result;
  };
  return { store, clock, secrets: cachedSecrets(read, () => clock.now) };
}

/** Cached secrets over reads that end when the test ends them. */
function pending() {
  const reads: PromiseWithResolvers<SecretResult>[] = [];
  const clock = { now: 0 };
  const read = () => {
    const each = Promise.withResolvers<SecretResult>();
    reads.push(each);
    return each.promise;
  };
  return { reads, clock, secrets: cachedSecrets(read, () => clock.now) };
}

describe('a secret', () => {
  it('is read once, and used for five minutes', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    store.result = good('second');
    clock.now += 5 * 60_000 - 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    expect(store.reads).toHaveLength(1);
    clock.now += 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('second'));
    expect(store.reads).toHaveLength(2);
  });

  it('is used for the times that are given', async () => {
    const store = { reads: 0, now: 0, result: good('first') };
    const read = async () => {
      store.reads += 1;
      return store.result;
    };
    const times = { timeToLive: 10, refreshInterval: 5, usableFor: 40 };
    const secrets = cachedSecrets(read, () => store.now, times);
    await secrets.get('partner', DEADLINE);
    store.now = 9;
    await secrets.get('partner', DEADLINE);
    expect(store.reads).toBe(1);
    store.now = 10;
    await secrets.get('partner', DEADLINE);
    expect(store.reads).toBe(2);
    store.now = 15;
    await secrets.refresh('partner', DEADLINE);
    expect(store.reads).toBe(3);
    store.result = unreachable;
    store.now = 54;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    store.now = 59;
    expect(await secrets.get('partner', DEADLINE)).toEqual(unreachable);
  });

  it('before a handshake that is awaited is used for a day while the store is unreachable', async () => {
    const previous = { value: 'former', acceptedUntil: Number.POSITIVE_INFINITY };
    const awaited: SecretResult = { unavailable: { reason: 'secret_awaits_handshake', previous }, handshakeKey: 'key' };
    const { store, clock, secrets } = secretsOver(awaited);
    await secrets.get('partner', DEADLINE);
    store.result = unreachable;
    clock.now += 24 * HOUR - 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(awaited);
    clock.now += 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(unreachable);
  });

  it('of each source is separate', async () => {
    const secrets = cachedSecrets(
      async (source) => good(`${source}-secret`),
      () => 0,
    );
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('partner-secret'));
    expect(await secrets.get('other', DEADLINE)).toEqual(good('other-secret'));
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('partner-secret'));
  });

  it('is read once for requests that arrive at the same time', async () => {
    const { reads, secrets } = pending();
    const got = [1, 2, 3].map(() => secrets.get('partner', DEADLINE));
    const refreshed = secrets.refresh('partner', DEADLINE);
    expect(reads).toHaveLength(1);
    reads[0]?.resolve(good('first'));
    expect(await Promise.all([...got, refreshed])).toEqual(Array.from({ length: 4 }, () => good('first')));
  });

  it('is read until the deadline of the request, or until 1.5 s before if an older one can be used', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    await secrets.get('partner', 42_000);
    clock.now += 5 * 60_000;
    await secrets.get('partner', 42_000);
    clock.now += 2_000;
    await secrets.refresh('partner', 42_000);
    expect(store.deadlines).toEqual([42_000, 40_500, 40_500]);
  });
});

describe('while the store is unreachable', () => {
  it('a secret that was read is used for 24 hours', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    await secrets.get('partner', DEADLINE);
    store.result = unreachable;
    clock.now += 24 * HOUR - 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    clock.now += 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(unreachable);
  });

  it.each([
    ['with a secret', good('first'), good('first')],
    ['without one', unreachable, unreachable],
  ])('a thousand requests cause one read, and one more in 2 seconds: %s', async (_, first, expected) => {
    const { store, clock, secrets } = secretsOver(first);
    await secrets.get('partner', DEADLINE);
    store.result = unreachable;
    store.reads = [];
    clock.now += 10 * 60_000;
    const flood = async () => {
      for (let count = 0; count < 1_000; count += 1) {
        expect(await secrets.get('partner', DEADLINE)).toEqual(expected);
        expect(await secrets.refresh('partner', DEADLINE)).toEqual(unreachable);
      }
    };
    await flood();
    clock.now += 1_999;
    await flood();
    expect(store.reads).toHaveLength(1);
    clock.now += 1;
    await flood();
    expect(store.reads).toHaveLength(2);
  });

  it('the next read begins 2 seconds after the end of the one that failed', async () => {
    const { reads, clock, secrets } = pending();
    const failed = secrets.get('partner', DEADLINE);
    clock.now = 2_300;
    reads[0]?.resolve(unreachable);
    expect(await failed).toEqual(unreachable);
    clock.now = 4_299;
    expect(await secrets.get('partner', DEADLINE)).toEqual(unreachable);
    expect(reads).toHaveLength(1);
    clock.now = 4_300;
    void secrets.get('partner', DEADLINE);
    expect(reads).toHaveLength(2);
  });

  it('a new secret is used as soon as it can be read', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    await secrets.get('partner', DEADLINE);
    store.result = unreachable;
    clock.now += HOUR;
    await secrets.get('partner', DEADLINE);
    store.result = good('second');
    clock.now += 2_000;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('second'));
  });
});

describe('a secret that was deleted or emptied', () => {
  it.each(['secret_missing', 'secret_empty'] as const)('(%s) is not used any longer', async (reason) => {
    const { store, clock, secrets } = secretsOver(good('first'));
    await secrets.get('partner', DEADLINE);
    store.result = none(reason);
    clock.now += 5 * 60_000;
    expect(await secrets.get('partner', DEADLINE)).toEqual(none(reason));
    store.result = unreachable;
    clock.now += 2_000;
    expect(await secrets.get('partner', DEADLINE)).toEqual(unreachable);
  });

  it.each(['secret_missing', 'secret_empty'] as const)('(%s) is looked for again after 2 seconds', async (reason) => {
    const { store, clock, secrets } = secretsOver(none(reason));
    expect(await secrets.get('partner', DEADLINE)).toEqual(none(reason));
    store.result = good('first');
    clock.now += 1_999;
    expect(await secrets.get('partner', DEADLINE)).toEqual(none(reason));
    expect(store.reads).toHaveLength(1);
    clock.now += 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
  });

  it('is noticed by a refresh', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    await secrets.get('partner', DEADLINE);
    store.result = none('secret_missing');
    clock.now += 2_000;
    expect(await secrets.refresh('partner', DEADLINE)).toEqual(none('secret_missing'));
    expect(await secrets.get('partner', DEADLINE)).toEqual(none('secret_missing'));
  });
});

describe('a read that throws', () => {
  it('is repeated for the next request', async () => {
    const { reads, secrets } = pending();
    const failed = secrets.get('partner', DEADLINE);
    reads[0]?.reject(new Error('lost'));
    await expect(failed).rejects.toThrow('lost');
    const again = secrets.get('partner', DEADLINE);
    reads[1]?.resolve(good('first'));
    expect(await again).toEqual(good('first'));
  });
});

describe('a refresh', () => {
  it('reads at most every 2 seconds, and returns the very result of the last read in between', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    const first = await secrets.get('partner', DEADLINE);
    store.result = good('second');
    clock.now += 1_999;
    expect(await secrets.refresh('partner', DEADLINE)).toBe(first);
    clock.now += 1;
    const second = await secrets.refresh('partner', DEADLINE);
    expect(second).toEqual(good('second'));
    expect(await secrets.refresh('partner', DEADLINE)).toBe(second);
    expect(store.reads).toHaveLength(2);
  });

  it('counts the 2 seconds from the beginning of a read, since the secret may change while it is read', async () => {
    const { reads, clock, secrets } = pending();
    const got = secrets.get('partner', DEADLINE);
    clock.now = 1_000;
    reads[0]?.resolve(good('first'));
    await got;
    clock.now = 2_000;
    void secrets.refresh('partner', DEADLINE);
    expect(reads).toHaveLength(2);
  });

  it('is used for the requests after it', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    await secrets.get('partner', DEADLINE);
    store.result = good('second');
    clock.now += 4 * 60_000;
    await secrets.refresh('partner', DEADLINE);
    clock.now += 4 * 60_000;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('second'));
    expect(store.reads).toHaveLength(2);
  });

  it('of one source does not delay that of another', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    await secrets.get('partner', DEADLINE);
    await secrets.get('other', DEADLINE);
    clock.now += 2_000;
    await secrets.refresh('partner', DEADLINE);
    expect(await secrets.refresh('other', DEADLINE)).toEqual(good('first'));
    expect(store.reads).toEqual(['partner', 'other', 'partner', 'other']);
  });

  it('that reaches no store leaves the secret as it was, and is repeated after 2 seconds', async () => {
    const { store, clock, secrets } = secretsOver(good('first'));
    await secrets.get('partner', DEADLINE);
    store.result = unreachable;
    clock.now += 60_000;
    expect(await secrets.refresh('partner', DEADLINE)).toEqual(unreachable);
    store.result = good('second');
    expect(await secrets.refresh('partner', DEADLINE)).toEqual(unreachable);
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    clock.now += 2_000;
    expect(await secrets.refresh('partner', DEADLINE)).toEqual(good('second'));
  });
});

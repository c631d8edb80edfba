import { describe, expect, it } from '@jest/globals';
import { type Cache, type Reading, staleIfErrorCache } from '../../../lambda/cache/stale-if-error-cache.ts';

type Outcome = Reading<string, string>;

const value = (text: string): Outcome => ({ value: text, freshUntil: 10, usableUntil: 100 });
const failure = (retryAt: number): Outcome => ({ failure: 'failed', retryAt });

/** A cache over a source that the test controls, and what each read was given. */
function cacheOver(first: Outcome) {
  const source = { outcome: first, reads: [] as (string | undefined)[] };
  const cache = staleIfErrorCache<string, string>();
  const read = async (stale: string | undefined) => {
    source.reads.push(stale);
    return source.outcome;
  };
  return {
    source,
    get: (now: number, key = 'key') => cache.get(key, now, read),
    refresh: (now: number, since: number) => cache.refresh('key', { now, since }, read),
  };
}

/** A cache over reads that end when the test ends them. */
function pending() {
  const reads: PromiseWithResolvers<Outcome>[] = [];
  const cache: Cache<string, string> = staleIfErrorCache();
  const get = (now = 0) =>
    cache.get('key', now, () => {
      const read = Promise.withResolvers<Outcome>();
      reads.push(read);
      return read.promise;
    });
  return { reads, get };
}

describe('A value', () => {
  it('is served without another read while it is fresh, and read again afterwards', async () => {
    const { source, get } = cacheOver(value('one'));
    expect(await get(0)).toBe('one');
    source.outcome = value('two');
    expect(await get(9)).toBe('one');
    expect(source.reads).toHaveLength(1);
    expect(await get(10)).toBe('two');
    expect(source.reads).toEqual([undefined, 'one']);
  });

  it('is served while reads fail until it is no longer usable', async () => {
    const { source, get } = cacheOver(value('one'));
    await get(0);
    source.outcome = failure(0);
    expect(await get(10)).toBe('one');
    expect(await get(99)).toBe('one');
    expect(await get(100)).toBe('failed');
    expect(source.reads.slice(1)).toEqual(['one', 'one', undefined]);
  });

  it('is replaced as soon as a read succeeds again', async () => {
    const { source, get } = cacheOver(value('one'));
    await get(0);
    source.outcome = failure(30);
    expect(await get(20)).toBe('one');
    source.outcome = { value: 'two', freshUntil: 60, usableUntil: 60 };
    expect(await get(30)).toBe('two');
    source.outcome = failure(0);
    expect(await get(59)).toBe('two');
  });

  it('of each key is separate', async () => {
    const { source, get } = cacheOver(value('one'));
    await get(0, 'a');
    source.outcome = value('two');
    expect([await get(0, 'b'), await get(0, 'a')]).toEqual(['two', 'one']);
  });
});

describe('A failure', () => {
  it('is served without another read until the time to retry, with and without a usable value', async () => {
    const { source, get } = cacheOver(failure(5));
    expect([await get(0), await get(4)]).toEqual(['failed', 'failed']);
    expect(source.reads).toHaveLength(1);
    source.outcome = value('one');
    expect(await get(5)).toBe('one');
    source.outcome = failure(20);
    for (const now of [15, 16, 19]) expect(await get(now)).toBe('one');
    expect(source.reads).toHaveLength(3);
  });

  it('is not kept if its time to retry has passed', async () => {
    const { source, get } = cacheOver(failure(0));
    expect([await get(0), await get(0)]).toEqual(['failed', 'failed']);
    expect(source.reads).toHaveLength(2);
  });

  it('never displaces a value, however many there are', async () => {
    const { source, get } = cacheOver({ value: 'genuine', freshUntil: 0, usableUntil: 100 });
    await get(0, 'genuine');
    source.outcome = failure(50);
    for (let index = 0; index < 1_000; index += 1) await get(1, `forged ${index}`);
    expect(await get(1, 'genuine')).toBe('genuine');
  });

  it('is dropped after a hundred later ones', async () => {
    const { source, get } = cacheOver(failure(50));
    for (let index = 0; index < 101; index += 1) await get(1, `forged ${index}`);
    source.reads = [];
    await get(1, 'forged 1');
    expect(source.reads).toHaveLength(0);
    await get(1, 'forged 0');
    expect(source.reads).toHaveLength(1);
  });
});

describe('Of more than a hundred values', () => {
  it('the one that was not used for the longest time is dropped', async () => {
    const { source, get } = cacheOver(value('one'));
    for (let index = 0; index < 100; index += 1) await get(0, `key ${index}`);
    await get(1, 'key 0');
    await get(1, 'key 100');
    source.reads = [];
    await get(1, 'key 0');
    await get(1, 'key 2');
    expect(source.reads).toHaveLength(0);
    await get(1, 'key 1');
    expect(source.reads).toHaveLength(1);
  });
});

describe('A refresh', () => {
  it('reads again unless a read began after the given time, even if the value is fresh', async () => {
    const { source, get, refresh } = cacheOver(value('one'));
    await get(0);
    source.outcome = value('two');
    expect(await refresh(5, -1)).toBe('one');
    expect(source.reads).toHaveLength(1);
    expect(await refresh(5, 0)).toBe('two');
    expect(await refresh(6, 4)).toBe('two');
    expect(source.reads).toHaveLength(2);
  });

  it('never serves an older value, and leaves the value as it was if the read fails', async () => {
    const { source, get, refresh } = cacheOver(value('one'));
    await get(0);
    source.outcome = failure(7);
    expect(await refresh(5, 3)).toBe('failed');
    expect(await refresh(6, 4)).toBe('failed');
    expect(source.reads).toHaveLength(2);
    expect(await get(6)).toBe('one');
  });
});

describe('Concurrent calls', () => {
  it('share one read and its outcome', async () => {
    const { reads, get } = pending();
    const calls = [get(), get(), get()];
    expect(reads).toHaveLength(1);
    reads[0]?.resolve(value('one'));
    expect(await Promise.all(calls)).toEqual(['one', 'one', 'one']);
  });

  it('share the error that a read throws, which is not kept', async () => {
    const { reads, get } = pending();
    const calls = [get(), get()];
    reads[0]?.reject(new Error('defect'));
    expect(await Promise.allSettled(calls)).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
    const again = get();
    reads[1]?.resolve(value('one'));
    expect(await again).toBe('one');
  });

  it('do not wait for a read while the value is fresh to them', async () => {
    const { reads, get } = pending();
    const first = get();
    reads[0]?.resolve(value('one'));
    await first;
    const late = get(10);
    expect(reads).toHaveLength(2);
    expect(await get(9)).toBe('one');
    reads[1]?.resolve(failure(0));
    expect(await late).toBe('one');
  });
});

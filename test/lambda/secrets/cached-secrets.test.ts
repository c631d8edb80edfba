import { describe, expect, it } from '@jest/globals';
import { cachedSecrets } from '../../../lambda/secrets/cached-secrets.ts';
import type { SecretResult, SecretUnavailable } from '../../../lambda/secrets/signing-secret.ts';

const DEADLINE = Number.POSITIVE_INFINITY;

const good = (current: string): SecretResult => ({ secret: { current } });
const none = (reason: SecretUnavailable['reason']): SecretResult => ({ unavailable: { reason } });

/** Cached secrets over reads whose result the test sets. */
function kept(first: SecretResult) {
  const place = { result: first, reads: [] as string[] };
  const clock = { now: 1_000_000 };
  const read = async (source: string) => {
    place.reads.push(source);
    return place.result;
  };
  return { place, clock, secrets: cachedSecrets(read, () => clock.now) };
}

/** Cached secrets over reads that the test ends. */
function pending() {
  const reads: PromiseWithResolvers<SecretResult>[] = [];
  const read = () => {
    const each = Promise.withResolvers<SecretResult>();
    reads.push(each);
    return each.promise;
  };
  return { reads, secrets: cachedSecrets(read, () => 0) };
}

describe('A cached secret', () => {
  it('is read again after five minutes, and not before', async () => {
    const { place, clock, secrets } = kept(good('first'));
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    place.result = good('second');
    clock.now += 5 * 60_000 - 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    expect(place.reads).toHaveLength(1);
    clock.now += 1;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('second'));
    expect(place.reads).toHaveLength(2);
  });

  it('is read again after the times that the caller sets', async () => {
    const place = { reads: 0, now: 0 };
    const read = async () => {
      place.reads += 1;
      return good('first');
    };
    const secrets = cachedSecrets(read, () => place.now, { timeToLive: 10, refreshInterval: 5 });
    await secrets.get('partner', DEADLINE);
    place.now = 9;
    await secrets.get('partner', DEADLINE);
    expect(place.reads).toBe(1);
    place.now = 10;
    await secrets.get('partner', DEADLINE);
    expect(place.reads).toBe(2);
    place.now = 15;
    await secrets.refresh('partner', DEADLINE);
    expect(place.reads).toBe(3);
  });

  it('belongs to one source', async () => {
    const secrets = cachedSecrets(
      async (source) => good(`${source}-secret`),
      () => 0,
    );
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('partner-secret'));
    expect(await secrets.get('other', DEADLINE)).toEqual(good('other-secret'));
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('partner-secret'));
  });

  it('is read once for concurrent requests', async () => {
    const { reads, secrets } = pending();
    const asked = [1, 2, 3].map(() => secrets.get('partner', DEADLINE));
    const renewed = secrets.refresh('partner', DEADLINE);
    expect(reads).toHaveLength(1);
    reads[0]?.resolve(good('first'));
    expect(await Promise.all([...asked, renewed])).toEqual(Array.from({ length: 4 }, () => good('first')));
  });

  it('is read with the deadline of the request', async () => {
    const deadlines: number[] = [];
    const read = async (_: string, deadline: number) => {
      deadlines.push(deadline);
      return good('first');
    };
    await cachedSecrets(read, () => 0).get('partner', 42);
    expect(deadlines).toEqual([42]);
  });
});

describe('A secret that is unavailable', () => {
  it.each(['secret_missing', 'secret_empty'] as const)(
    'as %s is read again after 30 seconds, and not before',
    async (reason) => {
      const { place, clock, secrets } = kept(none(reason));
      expect(await secrets.get('partner', DEADLINE)).toEqual(none(reason));
      place.result = good('first');
      clock.now += 29_999;
      expect(await secrets.get('partner', DEADLINE)).toEqual(none(reason));
      expect(place.reads).toHaveLength(1);
      clock.now += 1;
      expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    },
  );

  it('because it cannot be reached is read again for the next request', async () => {
    const { place, secrets } = kept(none('secret_unreachable'));
    expect(await secrets.get('partner', DEADLINE)).toEqual(none('secret_unreachable'));
    place.result = good('first');
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
  });

  it('because reading it threw is read again for the next request', async () => {
    const { reads, secrets } = pending();
    const failed = secrets.get('partner', DEADLINE);
    reads[0]?.reject(new Error('lost'));
    await expect(failed).rejects.toThrow('lost');
    const again = secrets.get('partner', DEADLINE);
    reads[1]?.resolve(good('first'));
    expect(await again).toEqual(good('first'));
  });
});

describe('A refresh of a secret', () => {
  it('reads it at most every 30 seconds', async () => {
    const { place, clock, secrets } = kept(good('first'));
    await secrets.get('partner', DEADLINE);
    place.result = good('second');
    clock.now += 29_999;
    expect(await secrets.refresh('partner', DEADLINE)).toBeUndefined();
    clock.now += 1;
    expect(await secrets.refresh('partner', DEADLINE)).toEqual(good('second'));
    expect(await secrets.refresh('partner', DEADLINE)).toBeUndefined();
    expect(place.reads).toHaveLength(2);
  });

  it('is cached for the requests after it', async () => {
    const { place, clock, secrets } = kept(good('first'));
    await secrets.get('partner', DEADLINE);
    place.result = good('second');
    clock.now += 4 * 60_000;
    await secrets.refresh('partner', DEADLINE);
    clock.now += 4 * 60_000;
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('second'));
    expect(place.reads).toHaveLength(2);
  });

  it('of one source does not delay that of another', async () => {
    const { place, clock, secrets } = kept(good('first'));
    await secrets.get('partner', DEADLINE);
    await secrets.get('other', DEADLINE);
    clock.now += 30_000;
    await secrets.refresh('partner', DEADLINE);
    expect(await secrets.refresh('other', DEADLINE)).toEqual(good('first'));
    expect(place.reads).toEqual(['partner', 'other', 'partner', 'other']);
  });

  it('that fails leaves the cached secret in place', async () => {
    const { place, clock, secrets } = kept(good('first'));
    await secrets.get('partner', DEADLINE);
    place.result = none('secret_unreachable');
    clock.now += 60_000;
    expect(await secrets.refresh('partner', DEADLINE)).toBeUndefined();
    expect(await secrets.get('partner', DEADLINE)).toEqual(good('first'));
    expect(place.reads).toHaveLength(2);
  });

  it('that fails counts as a read', async () => {
    const { place, clock, secrets } = kept(good('first'));
    await secrets.get('partner', DEADLINE);
    place.result = none('secret_unreachable');
    clock.now += 60_000;
    await secrets.refresh('partner', DEADLINE);
    await secrets.refresh('partner', DEADLINE);
    expect(place.reads).toHaveLength(2);
  });

  it('reports that the secret was deleted', async () => {
    const { place, clock, secrets } = kept(good('first'));
    await secrets.get('partner', DEADLINE);
    place.result = none('secret_missing');
    clock.now += 60_000;
    expect(await secrets.refresh('partner', DEADLINE)).toEqual(none('secret_missing'));
    expect(await secrets.get('partner', DEADLINE)).toEqual(none('secret_missing'));
  });
});

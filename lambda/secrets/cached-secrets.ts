import { type Read, staleIfErrorCache } from '../cache/stale-if-error-cache.ts';
import type { ReadSecret, SecretResult } from './signing-secret.ts';

/** Signing secrets by source, kept in memory. */
export interface Secrets {
  /**
   * The cached secret; a new read if that is too old, and the cached secret again if the store is unreachable. A secret
   * that was deleted or emptied is not served any longer.
   */
  readonly get: ReadSecret;
  /**
   * The secret as it was within the refresh interval, for a signature that does not match: the secret may have been
   * rotated. A flood of forgeries must not become a flood of reads.
   * @returns the same result as before if it was read within the interval; else a new read. `secret_unreachable` if that
   * fails, or another read failed within the interval: nobody knows then whether the signature is forged
   */
  readonly refresh: ReadSecret;
}

/** Lifetimes in the cache, in milliseconds. */
export interface CacheTimes {
  /** Time for which a secret is used without another read. @default 5 minutes */
  readonly timeToLive?: number;
  /**
   * Minimum time between two reads of a source's secret, and lifetime of the result that a secret is missing, empty or
   * unreachable.
   * @default 2 seconds
   */
  readonly refreshInterval?: number;
  /** Time since its read for which a secret is used while the store is unreachable. @default 24 hours */
  readonly usableFor?: number;
}

/** The part of a delivery's time that a read leaves to storing, in milliseconds, if there is a secret to go on with. */
const STORING_MS = 1_500;

/** While a source waits for its handshake, the secret before it is still accepted. */
const isUsable = (result: SecretResult) => 'secret' in result || result.unavailable.previous !== undefined;

/**
 * Caches secrets. While the store is unreachable, a secret that was read stays usable.
 * @param readSecret reads a secret from the store
 * @param clock epoch milliseconds
 */
export function cachedSecrets(
  readSecret: ReadSecret,
  clock: () => number,
  { timeToLive = 5 * 60_000, refreshInterval = 2_000, usableFor = 24 * 3600_000 }: CacheTimes = {},
): Secrets {
  const cache = staleIfErrorCache<SecretResult, SecretResult>();

  const usableUntil = (result: SecretResult, now: number, otherwise: number) =>
    isUsable(result) ? now + usableFor : otherwise;

  const reader =
    (source: string, now: number, deadline: number): Read<SecretResult, SecretResult> =>
    async (stale) => {
      const result = await readSecret(source, stale ? deadline - STORING_MS : deadline);
      if ('secret' in result) return { value: result, freshUntil: now + timeToLive, usableUntil: now + usableFor };
      const retryAt = clock() + refreshInterval;
      if (result.unavailable.reason === 'secret_unreachable') return { failure: result, retryAt };
      return { value: result, freshUntil: retryAt, usableUntil: usableUntil(result, now, retryAt) };
    };

  return {
    get(source, deadline) {
      const now = clock();
      return cache.get(source, now, reader(source, now, deadline));
    },
    refresh(source, deadline) {
      const now = clock();
      return cache.refresh(source, { now, since: now - refreshInterval }, reader(source, now, deadline));
    },
  };
}

import type { ReadSecret, SecretResult } from './signing-secret.ts';

/** Signing secrets by source, kept in memory. */
export interface Secrets {
  /** The cached secret, or a new read if that is too old. */
  readonly get: ReadSecret;
  /**
   * Reads the secret again after a signature did not match, since the secret may have been rotated.
   * @returns undefined if it cannot be read, or was read within the refresh interval: a flood of forgeries must not
   * become a flood of reads
   */
  readonly refresh: (source: string, deadline: number) => Promise<SecretResult | undefined>;
}

/** Lifetimes in the cache, in milliseconds. */
export interface CacheTimes {
  /** Lifetime of a secret. @default 5 minutes */
  readonly timeToLive?: number;
  /**
   * Minimum time between two reads that mismatches cause, and lifetime of the result that a secret is missing or empty.
   * @default 30 seconds
   */
  readonly refreshInterval?: number;
}

interface Entry {
  readonly read: Promise<SecretResult>;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}

/**
 * Caches secrets. A read that fails is not cached; concurrent requests share one read.
 * @param readSecret reads a secret from the store
 * @param clock epoch milliseconds
 */
export function cachedSecrets(
  readSecret: ReadSecret,
  clock: () => number,
  { timeToLive = 5 * 60_000, refreshInterval = 30_000 }: CacheTimes = {},
): Secrets {
  const entries = new Map<string, Entry>();
  const reads = new Map<string, Promise<SecretResult>>();
  const lastRead = new Map<string, number>();

  function readOnce(source: string, deadline: number): Promise<SecretResult> {
    const current = reads.get(source);
    if (current) return current;
    lastRead.set(source, clock());
    const read = readSecret(source, deadline).finally(() => reads.delete(source));
    reads.set(source, read);
    return read.then((result) => {
      if (!isUnreachable(result)) entries.set(source, { read, expiresAt: clock() + lifetimeOf(result) });
      return result;
    });
  }

  const lifetimeOf = (result: SecretResult) => ('secret' in result ? timeToLive : refreshInterval);

  return {
    get(source, deadline) {
      const entry = entries.get(source);
      return entry && clock() < entry.expiresAt ? entry.read : readOnce(source, deadline);
    },
    async refresh(source, deadline) {
      const isRecent = clock() - (lastRead.get(source) ?? Number.NEGATIVE_INFINITY) < refreshInterval;
      if (isRecent && !reads.has(source)) return undefined;
      const result = await readOnce(source, deadline);
      return isUnreachable(result) ? undefined : result;
    },
  };
}

function isUnreachable(result: SecretResult): boolean {
  return 'unavailable' in result && result.unavailable.reason === 'secret_unreachable';
}

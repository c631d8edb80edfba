import type { ReadSecret, SecretResult } from './signing-secret.ts';

/** Signing secrets by source, kept in memory. */
export interface Secrets {
  /** The secret, read anew when the cached one is too old. */
  readonly get: ReadSecret;
  /**
   * The secret read anew, for a signature that did not match: it may have been rotated. Undefined where it could not be
   * read, or was read so recently that asking again would let a flood of forgeries through to where it is kept.
   */
  readonly refresh: (source: string, deadline: number) => Promise<SecretResult | undefined>;
}

/** How long what was read is good for, in milliseconds. */
export interface CacheTimes {
  /** @default 5 minutes */
  readonly timeToLive?: number;
  /**
   * The least time between two reads that mismatches cause, and how long a missing secret is remembered as missing.
   * @default 30 seconds
   */
  readonly refreshInterval?: number;
}

interface Entry {
  readonly result: Promise<SecretResult>;
  readonly goodUntil: number;
}

/**
 * Caches secrets. What could not be reached is not remembered; concurrent requests share one read.
 * @param read where they are kept
 * @param clock epoch milliseconds
 */
export function cachedSecrets(
  read: ReadSecret,
  clock: () => number,
  { timeToLive = 5 * 60_000, refreshInterval = 30_000 }: CacheTimes = {},
): Secrets {
  const entries = new Map<string, Entry>();
  const reading = new Map<string, Promise<SecretResult>>();
  const lastRead = new Map<string, number>();

  function readOnce(source: string, deadline: number): Promise<SecretResult> {
    const underWay = reading.get(source);
    if (underWay) return underWay;
    lastRead.set(source, clock());
    const result = read(source, deadline).finally(() => reading.delete(source));
    reading.set(source, result);
    return result.then((came) => {
      if (!isUnreachable(came)) entries.set(source, { result, goodUntil: clock() + goodFor(came) });
      return came;
    });
  }

  const goodFor = (result: SecretResult) => ('secret' in result ? timeToLive : refreshInterval);

  return {
    get(source, deadline) {
      const entry = entries.get(source);
      return entry && clock() < entry.goodUntil ? entry.result : readOnce(source, deadline);
    },
    async refresh(source, deadline) {
      const isRecent = clock() - (lastRead.get(source) ?? Number.NEGATIVE_INFINITY) < refreshInterval;
      if (isRecent && !reading.has(source)) return undefined;
      const result = await readOnce(source, deadline);
      return isUnreachable(result) ? undefined : result;
    },
  };
}

function isUnreachable(result: SecretResult): boolean {
  return 'unavailable' in result && result.unavailable.reason === 'secret_unreachable';
}

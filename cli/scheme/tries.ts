/** Counts what is tried, so that a request cannot keep the command busy. */
export interface Tries {
  /** Takes a try over this many bytes; false if none is left. */
  readonly take: (bytes: number) => boolean;
  /** Whether a try was refused. */
  readonly areUsedUp: () => boolean;
  /** The number of tries that were taken. */
  readonly count: () => number;
}

/** The most that a run tries: over a body of up to 64 KiB, each is one. */
export const MAX_TRIES = 100_000;

/** A longer body counts for several tries, since each hashes all of it. */
const BYTES_PER_TRY = 64 * 1024;

/** @param limit of tries over bodies of up to 64 KiB */
export function countedTries(limit: number): Tries {
  let used = 0;
  let count = 0;
  let isRefused = false;
  return {
    take(bytes) {
      const cost = 1 + Math.floor(bytes / BYTES_PER_TRY);
      if (used + cost > limit) {
        isRefused = true;
        return false;
      }
      used += cost;
      count += 1;
      return true;
    },
    areUsedUp: () => isRefused,
    count: () => count,
  };
}

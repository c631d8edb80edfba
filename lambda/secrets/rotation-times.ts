/** A version of a secret. */
export interface SecretVersion {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/**
 * When a source's current version became current, in epoch milliseconds.
 * @param current the version that a read found as the current one
 * @param now when that read began, in epoch milliseconds
 */
export type RotationTimes = (source: string, current: SecretVersion, now: number) => number;

/** The version that the last read found as the current one. */
interface Seen {
  readonly id: string;
  readonly rotatedAt: number;
  readonly seenAt: number;
}

/**
 * Estimates when a version became current, which GetSecretValue does not report. Most versions are current from their
 * creation. But a version is staged and promoted later if it was created before a read that found another one as the
 * current one. Its time is the first read that finds it as the current one.
 *
 * Limits: an instance that starts after the promotion of a staged version takes its creation for the promotion, so it may
 * refuse the previous secret before the grace period is over. An instance that saw the promotion may accept the previous
 * secret too long: at most by the time between its last read before the promotion and its first read after it.
 */
export function rotationTimes(): RotationTimes {
  const seen = new Map<string, Seen>();
  return (source, current, now) => {
    const rotatedAt = rotationOf(current, seen.get(source), now);
    seen.set(source, { id: current.id, rotatedAt, seenAt: now });
    return rotatedAt;
  };
}

function rotationOf({ id, createdAt }: SecretVersion, last: Seen | undefined, now: number): number {
  if (last?.id === id) return last.rotatedAt;
  const isStaged = last !== undefined && createdAt < last.seenAt;
  return isStaged ? now : createdAt;
}

import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Spaces calls evenly.
 * @param rate calls per second; undefined for no limit
 * @returns waits until the next call is due
 */
export function pacer(rate: number | undefined): () => Promise<void> {
  let nextAt = 0;
  return async () => {
    if (rate === undefined) return;
    const now = performance.now();
    const at = Math.max(now, nextAt);
    nextAt = at + 1000 / rate;
    if (at > now) await sleep(at - now);
  };
}

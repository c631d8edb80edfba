import { closeSync, openSync, rmSync, statSync } from 'node:fs';

/** How long a lock is respected, in milliseconds: whoever holds it longer was killed. */
const MAX_HELD_MS = 5_000;

/** How long to wait until the next attempt, in milliseconds. */
const WAIT_MS = 5;

/**
 * Changes a file that other processes change too: one after the other, so that no change is lost. The lock is a file beside
 * it, whose name ends with `.lock`.
 * @throws the system's error if the lock cannot be created, such as in a folder that does not exist
 */
export function withLock<T>(file: string, change: () => T): T {
  const lock = `${file}.lock`;
  while (!take(lock)) {
    if (isAbandoned(lock)) rmSync(lock, { force: true });
    else Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, WAIT_MS);
  }
  try {
    return change();
  } finally {
    rmSync(lock, { force: true });
  }
}

/** @returns whether the lock was free */
function take(lock: string): boolean {
  try {
    closeSync(openSync(lock, 'wx'));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function isAbandoned(lock: string): boolean {
  const { mtimeMs } = statSync(lock, { throwIfNoEntry: false }) ?? { mtimeMs: Date.now() };
  return Date.now() - mtimeMs > MAX_HELD_MS;
}

import { type Clock, withGlobal } from '@sinonjs/fake-timers';
import { guarded } from './execution-environment.ts';

/** Time that passes only between events. While the clock is installed, no code of the process sees real time. */
export interface VirtualClock extends Disposable {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /**
   * Calls back at a time in epoch milliseconds, or at once if that has passed. No execution environment can miss it.
   * @returns a function that cancels the call
   */
  readonly at: (time: number, callback: () => void) => () => void;
  /** Resolves after a time in milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Lets time pass until nothing is scheduled any longer, or until the time given. */
  readonly run: (until?: number) => Promise<void>;
}

const realSetImmediate = setImmediate;

/**
 * Lets all promises settle that can settle now.
 * @throws {Error} if code waits for a file or a socket: its time would depend on the machine
 */
async function settle(): Promise<void> {
  await new Promise<void>((resolve) => void realSetImmediate(resolve));
  const real = process.getActiveResourcesInfo().filter((resource) => REAL.test(resource));
  if (real.length > 0) throw new Error(`The simulation waits for something real: ${real.join(', ')}`);
}

const REAL = /^(?:FSReq|TCP|TLS|GetAddrInfo|DNS|HTTP|UDP)/;

/**
 * Replaces the timers, `Date`, `performance.now`, `AbortSignal.timeout` and `Math.random` of the process until it is
 * disposed of. A timer belongs to the execution environment that starts it: it waits while that is frozen, and never fires
 * once that is gone.
 * @param start epoch milliseconds
 * @param random what `Math.random` returns
 */
export function installClock(start: number, random: () => number): VirtualClock {
  const timers = withGlobal(globalThis).install({
    now: start,
    toFake: [...FAKED],
    loopLimit: Number.POSITIVE_INFINITY,
  });
  const schedule = timers.setTimeout;
  globalThis.setTimeout = ((callback: () => void, milliseconds?: number, ...rest: unknown[]) =>
    schedule(guarded(callback), milliseconds, ...rest)) as unknown as typeof setTimeout;
  const replaced = { timeout: AbortSignal.timeout, random: Math.random };
  AbortSignal.timeout = abortAfter;
  Math.random = random;
  return {
    now: () => timers.now,
    at(time, callback) {
      const timer = schedule(callback, Math.max(0, time - timers.now));
      return () => timers.clearTimeout(timer);
    },
    sleep: (milliseconds) => new Promise((resolve) => void schedule(() => resolve(), milliseconds)),
    run: (until) => runTimers(timers, until),
    [Symbol.dispose]() {
      timers.uninstall();
      AbortSignal.timeout = replaced.timeout;
      Math.random = replaced.random;
    },
  };
}

const FAKED = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'Date', 'performance'] as const;

function abortAfter(milliseconds: number): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(new DOMException('The time has passed.', 'TimeoutError')), milliseconds);
  return controller.signal;
}

async function runTimers(timers: Clock, until = Number.POSITIVE_INFINITY): Promise<void> {
  await settle();
  while (timers.countTimers() > 0 && timers.now < until) {
    timers.next();
    await settle();
  }
}

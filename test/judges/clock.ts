import { mock } from 'node:test';

/** Runs code whose `Date` is fixed, because most SDKs ask for the time of the machine. */
export async function atTime<T>(now: number, run: () => Promise<T>): Promise<T> {
  mock.timers.enable({ apis: ['Date'], now });
  try {
    return await run();
  } finally {
    mock.timers.reset();
  }
}

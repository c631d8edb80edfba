/** What ends work at a deadline, unless it is disposed of before. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** Opens what ends one call at a time on the clock of `performance.now()`. */
export type OpenDeadline = (deadline: number) => Deadline;

/**
 * A signal that aborts at the deadline, given on the clock of `performance.now()`; at once where that has passed. To be
 * kept with `using`: `AbortSignal.timeout` would go off for each request that was answered long ago, and make an error.
 */
export function abortAt(deadline: number): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(new DOMException('The deadline has passed.', 'TimeoutError'));
  const timer = setTimeout(abort, Math.max(0, Math.floor(deadline - performance.now()))).unref();
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

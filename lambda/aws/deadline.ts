/** A signal that aborts a call at a deadline; disposing of it cancels that. */
export interface Deadline extends Disposable {
  readonly signal: AbortSignal;
}

/** Makes the {@link Deadline} of one call, at a time on the clock of `performance.now()`. */
export type OpenDeadline = (deadline: number) => Deadline;

/**
 * A signal that aborts at the deadline, or at once if that has passed. Hold it with `using`: the timer of
 * `AbortSignal.timeout` fires even after the call has ended, and creates an error each time.
 * @param deadline on the clock of `performance.now()`
 */
export function abortAt(deadline: number): Deadline {
  const controller = new AbortController();
  const abort = () => controller.abort(new DOMException('The deadline has passed.', 'TimeoutError'));
  const timer = setTimeout(abort, Math.max(0, Math.floor(deadline - performance.now()))).unref();
  return { signal: controller.signal, [Symbol.dispose]: () => clearTimeout(timer) };
}

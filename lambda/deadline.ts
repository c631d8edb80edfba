/** A signal that aborts at the deadline, given on the clock of `performance.now()`; at once where that has passed. */
export function signalAt(deadline: number): AbortSignal {
  return AbortSignal.timeout(Math.max(0, Math.floor(deadline - performance.now())));
}

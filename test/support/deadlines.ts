import type { OpenDeadline } from '../../lambda/aws/deadline.ts';

/** Deadlines on a clock that stands still, so that none passes because the machine is slow. */
export interface StoppedDeadlines {
  readonly open: OpenDeadline;
  /** Lets the deadlines that are open now pass, once a client has had time to read what a server sent it. */
  readonly pass: () => void;
}

/** Long enough to read a response on loopback. No test's outcome depends on it. */
const READING_MS = 50;

export function stoppedDeadlines(): StoppedDeadlines {
  const pending = new Set<AbortController>();
  const abort = (controller: AbortController) => {
    controller.abort(new DOMException('The deadline has passed.', 'TimeoutError'));
  };
  return {
    open() {
      const controller = new AbortController();
      pending.add(controller);
      return { signal: controller.signal, [Symbol.dispose]: () => void pending.delete(controller) };
    },
    pass() {
      const current = [...pending];
      setTimeout(() => current.forEach(abort), READING_MS);
    },
  };
}

/** A deadline that never passes. */
export const neverPasses: OpenDeadline = () => stoppedDeadlines().open(0);

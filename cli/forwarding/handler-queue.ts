import { performance } from 'node:perf_hooks';
import { setImmediate, setTimeout as sleep } from 'node:timers/promises';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { fetchFailure, isNotConnected } from '../fetch-error.ts';
import type { HandlerRequest } from './handler-request.ts';

/**
 * The outcome of an attempt.
 * - `accepted`: the handler answered with 2xx
 * - `retrying`: the handler answered with something else or, once connected, not at all, or the request could not be made;
 *   it is sent again
 * - `unreachable`: nothing answers at the URL, and the request waits until something does
 * - `given_up`: the last attempt failed as well, and the next request of the source follows
 */
export type AttemptOutcome = 'accepted' | 'retrying' | 'unreachable' | 'given_up';

/** What is reported of an attempt. */
export interface Attempt extends Pick<HandlerRequest, 'source' | 'description'> {
  readonly outcome: AttemptOutcome;
  /** Counted from 1, separately for attempts with and without a connection. */
  readonly number: number;
  /** The status that the handler answered with; undefined if it did not answer. */
  readonly status?: number | undefined;
  /** Why there is no status. */
  readonly reason?: string | undefined;
  /** When the next attempt begins, in milliseconds from now; undefined if there is none. */
  readonly retryMs?: number | undefined;
  /** Duration of the attempt, in milliseconds. */
  readonly latencyMs: number;
}

/** Sends a request to a handler. @returns the status @throws {Error} if there is no answer */
export type SendToHandler = (request: SignedRequest) => Promise<number>;

/** Waits. @throws {Error} if the signal ends it */
export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

/** What a queue works with. */
export interface HandlerQueueOptions {
  readonly send: SendToHandler;
  readonly report: (attempt: Attempt) => void;
  /** @default - a timer */
  readonly wait?: Wait;
}

/** Requests that wait for a handler. */
export interface HandlerQueue {
  /** Appends a request. @returns false if the queue does not take it: it is full, or has stopped */
  readonly add: (request: HandlerRequest) => boolean;
  /** How many requests wait or are in flight. */
  readonly waiting: () => number;
  /** Resolves when no request waits. */
  readonly drained: () => Promise<unknown>;
  /** Finishes the attempts in flight, and begins no others. */
  readonly stop: () => Promise<unknown>;
}

/** How often a request is sent that the handler answers, but does not accept. */
export const MAX_ATTEMPTS = 5;
/** How many requests wait at most. */
export const MAX_WAITING = 10_000;
/** How many bytes they keep in memory at most. */
export const MAX_WAITING_BYTES = 256 * 1024 * 1024;
const FIRST_RETRY_MS = 1_000;
const MAX_RETRY_MS = 10_000;

/**
 * A queue in front of a handler. The requests of a source are sent one after the other, in their order; sources do not wait
 * for each other. A request that is not accepted is sent again, after 1, 2, 4 and 8 seconds.
 */
export function handlerQueue({ send, report, wait = timer }: HandlerQueueOptions): HandlerQueue {
  const bySource = new Map<string, HandlerRequest[]>();
  const running = new Set<Promise<void>>();
  const stopping = new AbortController();
  let bytes = 0;
  const waiting = () => [...bySource.values()].reduce((sum, { length }) => sum + length, 0);

  function add(request: HandlerRequest): boolean {
    const { bytes: added = 0 } = request;
    if (stopping.signal.aborted || waiting() >= MAX_WAITING || bytes + added > MAX_WAITING_BYTES) return false;
    bytes += added;
    const requests = bySource.get(request.source);
    if (requests) requests.push(request);
    else begin(request.source, [request]);
    return true;
  }

  function begin(source: string, requests: HandlerRequest[]): void {
    bySource.set(source, requests);
    const run = setImmediate(requests)
      .then(sendAll)
      .then(() => {
        if (requests.length === 0) bySource.delete(source);
        running.delete(run);
      });
    running.add(run);
  }

  async function sendAll(requests: HandlerRequest[]): Promise<void> {
    for (let request = requests[0]; request && !stopping.signal.aborted; request = requests[0]) {
      if (!(await deliver(request))) return;
      requests.shift();
      bytes -= request.bytes ?? 0;
      request.settled?.();
    }
  }

  /** @returns whether the request is settled; false if the queue stops */
  async function deliver(request: HandlerRequest): Promise<boolean> {
    const numbers = { unreachable: 0, connected: 0 };
    while (true) {
      const attempt = await tryOnce(request, numbers);
      report(attempt);
      if (attempt.retryMs === undefined) return true;
      const isOver = await wait(attempt.retryMs, stopping.signal).then(
        () => false,
        () => true,
      );
      if (isOver || stopping.signal.aborted) return false;
    }
  }

  /** @param numbers how many attempts there were before, without and with a connection: only the latter use them up */
  async function tryOnce({ source, description, make }: HandlerRequest, numbers: Numbers): Promise<Attempt> {
    const began = performance.now();
    const result = await resultOf(make, send);
    const number = result.outcome === 'unreachable' ? ++numbers.unreachable : ++numbers.connected;
    const attempt = { source, description, number, ...result, latencyMs: performance.now() - began };
    if (attempt.outcome === 'accepted') return attempt;
    if (attempt.outcome === 'retrying' && number >= MAX_ATTEMPTS) return { ...attempt, outcome: 'given_up' };
    return { ...attempt, retryMs: Math.min(FIRST_RETRY_MS * 2 ** (number - 1), MAX_RETRY_MS) };
  }

  return {
    add,
    waiting,
    drained: () => Promise.all(running),
    stop() {
      stopping.abort();
      return Promise.all(running);
    },
  };
}

interface Numbers {
  unreachable: number;
  connected: number;
}

const timer: Wait = (ms, signal) => sleep(ms, undefined, { signal });

async function resultOf(
  make: HandlerRequest['make'],
  send: SendToHandler,
): Promise<Pick<Attempt, 'outcome' | 'status' | 'reason'>> {
  let request: SignedRequest;
  try {
    request = await make();
  } catch (error) {
    return { outcome: 'retrying', reason: fetchFailure(error) };
  }
  try {
    const status = await send(request);
    return { outcome: status >= 200 && status < 300 ? 'accepted' : 'retrying', status };
  } catch (error) {
    return { outcome: isNotConnected(error) ? 'unreachable' : 'retrying', reason: fetchFailure(error) };
  }
}

import type { VirtualClock } from './clock.ts';
import { currentEnvironment, type ExecutionEnvironment, guarded } from './execution-environment.ts';
import type { Fault, Outages, ServiceName } from './outages.ts';
import type { Random } from './random.ts';

/** How a service that fails answers. */
export type Refusal = 'broken' | 'unavailable' | 'throttling' | 'denying';

/** A request to a service. */
export interface Exchange<Answer> {
  readonly service: ServiceName;
  /** What the service does once the request arrives. */
  readonly serve: (caller: ExecutionEnvironment | undefined) => Answer;
  /** The answer of a service that fails. */
  readonly refuse: (refusal: Refusal) => Answer;
  /** Ends the wait for the answer. */
  readonly signal?: AbortSignal | undefined;
  /** After so many milliseconds without an answer, the caller gives up with a TimeoutError. @default never */
  readonly timeoutMs?: number | undefined;
}

/** The network between the functions and the services. */
export interface Network {
  /** @throws {Error} named as `node:http` names it, if no answer arrives */
  readonly exchange: <Answer>(exchange: Exchange<Answer>) => Promise<Answer>;
}

/** The way to a service, and back, in milliseconds. */
const USUAL = [1, 10] as const;
const SLOW = [250, 3_000] as const;

/** Opens a network with outages. What a request does at its service happens even if its caller is gone by then. */
export function networkOf(clock: VirtualClock, outages: Outages, random: Random): Network {
  return {
    exchange(exchange) {
      const fault = outages.meet(exchange.service, clock.now());
      const latency = latencyOf(fault, random);
      const caller = currentEnvironment();
      return waitForAnswer(exchange, (answer, fail) => {
        if (fault === 'silent') return;
        const answerLater = guarded((result: () => void) => result());
        clock.at(clock.now() + latency, () => {
          const result = resultOf(exchange, caller, fault);
          clock.at(clock.now() + latency, () => answerLater(() => settle(result, answer, fail)));
        });
      });
    },
  };
}

function latencyOf(fault: Fault | undefined, random: Random): number {
  const [least, most] = fault === 'slow' ? SLOW : USUAL;
  return random.between(least, most);
}

type Result<Answer> = { readonly answer: Answer } | { readonly error: Error };

function resultOf<Answer>(
  { serve, refuse }: Exchange<Answer>,
  caller: ExecutionEnvironment | undefined,
  fault: Fault | undefined,
): Result<Answer> {
  if (fault === 'refusing') return { error: reset() };
  if (fault === undefined || fault === 'slow') return { answer: serve(caller) };
  if (fault === 'forgetful') {
    serve(caller);
    return { error: reset() };
  }
  return { answer: refuse(fault as Refusal) };
}

function settle<Answer>(result: Result<Answer>, answer: (answer: Answer) => void, fail: (error: Error) => void): void {
  if ('answer' in result) answer(result.answer);
  else fail(result.error);
}

/** Waits as an HTTP client does: until the answer, the time-out or the signal. */
function waitForAnswer<Answer>(
  { signal, timeoutMs }: Exchange<Answer>,
  send: (answer: (answer: Answer) => void, fail: (error: Error) => void) => void,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(aborted());
    const timer = timeoutMs === undefined ? undefined : setTimeout(() => fail(timedOut(timeoutMs)), timeoutMs);
    const abort = () => fail(aborted());
    signal?.addEventListener('abort', abort, { once: true });
    const end = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
    };
    function fail(error: Error): void {
      end();
      reject(error);
    }
    send((answer) => {
      end();
      resolve(answer);
    }, fail);
  });
}

const named = (name: string, message: string, code?: string) =>
  Object.assign(new Error(message), { name }, code !== undefined && { code });

const reset = () => named('Error', 'read ECONNRESET', 'ECONNRESET');
const aborted = () => named('AbortError', 'Request aborted');
const timedOut = (milliseconds: number) => named('TimeoutError', `No answer within ${milliseconds} ms`);

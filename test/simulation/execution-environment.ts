import { AsyncLocalStorage } from 'node:async_hooks';

/**
 * What Lambda runs a function in: it is frozen between invocations, with its timers and responses on the way, and may be
 * gone at any moment.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 */
export interface ExecutionEnvironment {
  readonly id: string;
  state: 'running' | 'frozen' | 'gone';
  /** When it was last stopped in the middle of an invocation, or continued after that; epoch milliseconds. */
  pausedAt?: number;
  /** What happened while it was frozen, and is noticed once it runs again. */
  readonly missed: (() => void)[];
}

const current = new AsyncLocalStorage<ExecutionEnvironment>();

/** Opens a running environment. */
export const executionEnvironment = (id: string): ExecutionEnvironment => ({ id, state: 'running', missed: [] });

/** The environment whose code runs now; undefined for the world around the functions. */
export const currentEnvironment = (): ExecutionEnvironment | undefined => current.getStore();

/** Runs code of a function. */
export function inEnvironment<T>(environment: ExecutionEnvironment, run: () => T): T {
  return current.run(environment, run);
}

/** Stops an environment after an invocation. */
export function freeze(environment: ExecutionEnvironment): void {
  if (environment.state === 'running') environment.state = 'frozen';
}

/** Continues an environment, and lets it notice what it missed. */
export function thaw(environment: ExecutionEnvironment): void {
  if (environment.state !== 'frozen') return;
  environment.state = 'running';
  for (const callback of environment.missed.splice(0)) inEnvironment(environment, callback);
}

/** Ends an environment at whatever point its code is. */
export function kill(environment: ExecutionEnvironment): void {
  environment.state = 'gone';
  environment.missed.length = 0;
}

/** The callback as the environment sees it that runs now: later if it is frozen by then, never if it is gone. */
export function guarded<Args extends unknown[]>(callback: (...args: Args) => void): (...args: Args) => void {
  const environment = currentEnvironment();
  if (!environment) return callback;
  return (...args) => {
    if (environment.state === 'gone') return;
    if (environment.state === 'frozen') environment.missed.push(() => callback(...args));
    else inEnvironment(environment, () => callback(...args));
  };
}

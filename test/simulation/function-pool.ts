import type { Context } from 'aws-lambda';
import type { VirtualClock } from './clock.ts';
import {
  type ExecutionEnvironment,
  executionEnvironment,
  freeze,
  inEnvironment,
  kill,
  thaw,
} from './execution-environment.ts';
import type { Random } from './random.ts';

/** The code of a function. */
export type Handler<Event, Result> = (event: Event, context: Context) => Promise<Result>;

/** An invocation of a function; times are in epoch milliseconds. */
export interface Invocation<Result> {
  /** Undefined if Lambda had no environment to run it in. */
  readonly environment?: ExecutionEnvironment;
  readonly startedAt: number;
  readonly endedAt: number;
  /** What the code returned; `failed` if there is nothing. */
  readonly result?: Result;
  readonly failed?: 'throttled' | 'killed' | 'timed out' | 'threw';
  readonly error?: unknown;
}

/** A function with its execution environments, each of which runs one invocation at a time. */
export interface FunctionPool<Event, Result> {
  readonly invoke: (event: Event) => Promise<Invocation<Result>>;
}

/** How a function is run. */
export interface FunctionPoolOptions<Event, Result> {
  readonly name: string;
  readonly clock: VirtualClock;
  readonly random: Random;
  /** Builds the code in a new environment, as a cold start does. */
  readonly start: () => Handler<Event, Result>;
  readonly timeoutMs: number;
  /** The reserved concurrency. */
  readonly concurrency: number;
  /** The share of invocations that are killed in the middle. */
  readonly killed: number;
  /** The share of invocations that are paused in the middle. */
  readonly paused: number;
}

interface Instance<Event, Result> {
  readonly environment: ExecutionEnvironment;
  readonly handler: Handler<Event, Result>;
  /** Lambda takes an idle environment down then. */
  idleUntil: number;
}

const COLD_START_MS = [150, 900] as const;
const IDLE_MS = [5 * 60_000, 90 * 60_000] as const;
const PAUSE_MS = [20, 8_000] as const;
/** An invocation is struck within its first milliseconds, when most of them are still at work. */
const STRUCK_WITHIN_MS = 60;

/** Runs a function as Lambda does. */
export function functionPool<Event, Result>(options: FunctionPoolOptions<Event, Result>): FunctionPool<Event, Result> {
  const { name, clock, random, timeoutMs } = options;
  const idle: Instance<Event, Result>[] = [];
  let started = 0;
  let running = 0;

  function takeIdle(): Instance<Event, Result> | undefined {
    const instance = idle.pop();
    if (!instance || instance.idleUntil >= clock.now()) return instance;
    kill(instance.environment);
    return takeIdle();
  }

  async function startInstance(): Promise<Instance<Event, Result>> {
    started += 1;
    const environment = executionEnvironment(`${name} ${started}`);
    await clock.sleep(random.between(...COLD_START_MS));
    return { environment, handler: inEnvironment(environment, options.start), idleUntil: 0 };
  }

  /** Strikes an invocation, as Lambda's time-out and the failures of its hosts do. @returns a function that ends that */
  function strikeLater(environment: ExecutionEnvironment, end: (failed: 'killed' | 'timed out') => void): () => void {
    const at = clock.now() + random.between(0, STRUCK_WITHIN_MS);
    const strike = (failed: 'killed' | 'timed out') => () => {
      kill(environment);
      end(failed);
    };
    const cancels = [clock.at(clock.now() + timeoutMs, strike('timed out'))];
    const resume = () => {
      environment.pausedAt = clock.now();
      thaw(environment);
    };
    const pause = () => {
      environment.pausedAt = clock.now();
      freeze(environment);
      cancels.push(clock.at(clock.now() + random.between(...PAUSE_MS), resume));
    };
    if (random.chance(options.killed)) cancels.push(clock.at(at, strike('killed')));
    else if (random.chance(options.paused)) cancels.push(clock.at(at, pause));
    return () => cancels.forEach((cancel) => void cancel());
  }

  function run(instance: Instance<Event, Result>, event: Event): Promise<Invocation<Result>> {
    const { environment, handler } = instance;
    const startedAt = clock.now();
    return new Promise((resolve) => {
      const endStrikes = strikeLater(environment, (failed) => finish({ failed }));
      function finish(outcome: Pick<Invocation<Result>, 'result' | 'failed' | 'error'>): void {
        endStrikes();
        running -= 1;
        if (environment.state !== 'gone') {
          freeze(environment);
          instance.idleUntil = clock.now() + random.between(...IDLE_MS);
          idle.push(instance);
        }
        resolve({ environment, startedAt, endedAt: clock.now(), ...outcome });
      }
      thaw(environment);
      inEnvironment(environment, () => handler(event, contextOf(startedAt + timeoutMs, clock))).then(
        (result) => finish({ result }),
        (error: unknown) => finish({ failed: 'threw', error }),
      );
    });
  }

  return {
    async invoke(event) {
      const at = { startedAt: clock.now(), endedAt: clock.now() };
      if (running >= options.concurrency) return { ...at, failed: 'throttled' };
      running += 1;
      return run(takeIdle() ?? (await startInstance()), event);
    },
  };
}

function contextOf(endsAt: number, clock: VirtualClock): Context {
  return { awsRequestId: 'request', getRemainingTimeInMillis: () => endsAt - clock.now() } as Context;
}

import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { startChild } from './child.ts';

/** From the first byte of code to the first answer, in milliseconds. */
export interface ColdStart {
  readonly status: number;
  readonly importMs: number;
  readonly firstEventMs: number;
  /** Of both, how long requests to Secrets Manager were under way. */
  readonly secretMs: number;
  /** User and system, of all threads. */
  readonly cpuMs: number;
}

/** A run of events, one after the other. */
export interface Run {
  /** User and system of all threads, in microseconds an event. */
  readonly cpuMicros: number;
  readonly latenciesMs: readonly number[];
  /** How often each status was answered. */
  readonly statuses: ReadonlyMap<number, number>;
}

/** A function of a profile, and the microseconds spent in itself. */
export interface ProfiledFunction {
  readonly name: string;
  readonly url: string;
  /** Counts from 0, as the column does. */
  readonly line: number;
  readonly column: number;
  readonly micros: number;
}

/** A contestant in a process of its own. */
export interface FunctionProcess extends AsyncDisposable {
  readonly load: (file: string) => Promise<void>;
  readonly coldStart: (input: { file: string; event: APIGatewayProxyEvent }) => Promise<ColdStart>;
  readonly run: (events: readonly APIGatewayProxyEvent[]) => Promise<Run>;
  readonly answer: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
  readonly profileColdStart: (input: { file: string; event: APIGatewayProxyEvent }) => Promise<ProfiledFunction[]>;
  readonly profileRun: (events: readonly APIGatewayProxyEvent[]) => Promise<ProfiledFunction[]>;
  /** Resident memory, in bytes. */
  readonly memory: () => Promise<number>;
}

/**
 * Starts a process with this environment and no other; `load` or `coldStart` comes first. What it logs is written, and
 * goes nowhere.
 */
export function startFunction(runtime: string, environment: NodeJS.ProcessEnv): FunctionProcess {
  const { call, ...rest } = startChild(runtime, {
    env: environment,
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  });
  return {
    ...rest,
    load: (file) => call('load', file),
    coldStart: (input) => call('coldStart', input),
    run: (events) => call('run', events),
    answer: (event) => call('answer', event),
    profileColdStart: (input) => call('profileColdStart', input),
    profileRun: (events) => call('profileRun', events),
    memory: () => call('memory'),
  };
}

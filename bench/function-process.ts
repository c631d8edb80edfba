import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { startChild } from './child.ts';

/** Measurements of a cold start, from the import of the code to the first response. */
export interface ColdStart {
  /** HTTP status code of the first response. */
  readonly status: number;
  readonly importMs: number;
  readonly firstEventMs: number;
  /** The part of both during which requests to Secrets Manager were in flight. */
  readonly secretMs: number;
  /** User and system CPU time of all threads. */
  readonly cpuMs: number;
}

/** Measurements of a series of events, handled one after the other. */
export interface Run {
  /** User and system CPU time of all threads, in microseconds per event. */
  readonly cpuMicros: number;
  readonly latenciesMs: readonly number[];
  /** Number of responses by HTTP status code. */
  readonly statuses: ReadonlyMap<number, number>;
}

/** A function of a CPU profile. */
export interface ProfiledFunction {
  readonly name: string;
  readonly url: string;
  /** Zero-based, like the column. */
  readonly line: number;
  readonly column: number;
  /** Self time in microseconds: without the functions that it calls. */
  readonly micros: number;
}

/** A contestant in its own process. */
export interface FunctionProcess extends AsyncDisposable {
  /** Imports a bundle. */
  readonly load: (file: string) => Promise<void>;
  /** Imports a bundle and handles one event. */
  readonly coldStart: (input: { file: string; event: APIGatewayProxyEvent }) => Promise<ColdStart>;
  /** Handles events with the imported bundle. */
  readonly run: (events: readonly APIGatewayProxyEvent[]) => Promise<Run>;
  /** Handles one event with the imported bundle. */
  readonly handle: (event: APIGatewayProxyEvent) => Promise<APIGatewayProxyResult>;
  /** `coldStart` under the CPU profiler. */
  readonly profileColdStart: (input: { file: string; event: APIGatewayProxyEvent }) => Promise<ProfiledFunction[]>;
  /** `run` under the CPU profiler. */
  readonly profileRun: (events: readonly APIGatewayProxyEvent[]) => Promise<ProfiledFunction[]>;
  /** Resident memory, in bytes. */
  readonly memory: () => Promise<number>;
}

/**
 * Starts a process with this environment alone. Call `load` or `coldStart` first. The process writes its logs, and they
 * are discarded.
 * @param runtime bundle of function-runtime.ts
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
    handle: (event) => call('handle', event),
    profileColdStart: (input) => call('profileColdStart', input),
    profileRun: (events) => call('profileRun', events),
    memory: () => call('memory'),
  };
}

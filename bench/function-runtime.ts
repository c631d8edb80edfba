// Runs a contestant as Lambda does. This file is bundled as well, so that the process loads no TypeScript.
import { subscribe } from 'node:diagnostics_channel';
import type { ClientRequest } from 'node:http';
import { Session } from 'node:inspector/promises';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { serve } from './child.ts';
import type { ColdStart, ProfiledFunction, Run } from './function-process.ts';

type Handler = (event: APIGatewayProxyEvent, context: object) => Promise<APIGatewayProxyResult>;

const CONTEXT = {
  awsRequestId: '00000000-0000-4000-8000-000000000000',
  functionName: 'bench',
  getRemainingTimeInMillis: () => 10_000,
};

let handler: Handler;

async function load(file: string): Promise<void> {
  ({ handler } = await import(file));
}

/** CPU time of all threads, in microseconds. */
function cpuSince(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

async function coldStart({ file, event }: { file: string; event: APIGatewayProxyEvent }): Promise<ColdStart> {
  const secretMs = measureSecretRequests();
  const cpu = process.cpuUsage();
  const begun = performance.now();
  await load(file);
  const imported = performance.now();
  const { statusCode } = await handler(event, CONTEXT);
  const answered = performance.now();
  return {
    status: statusCode,
    importMs: imported - begun,
    firstEventMs: answered - imported,
    secretMs: secretMs(),
    cpuMs: cpuSince(cpu) / 1000,
  };
}

/** Begins to measure requests to Secrets Manager. @returns reads their total duration so far, in milliseconds */
function measureSecretRequests(): () => number {
  const host = new URL(process.env.AWS_ENDPOINT_URL_SECRETS_MANAGER ?? 'http://none').host;
  const started = new Map<ClientRequest, number>();
  let waited = 0;
  subscribe('http.client.request.created', (message) => {
    const { request } = message as { request: ClientRequest };
    if (request.getHeader('host') === host) started.set(request, performance.now());
  });
  subscribe('http.client.response.finish', (message) => {
    const { request } = message as { request: ClientRequest };
    waited += performance.now() - (started.get(request) ?? performance.now());
  });
  return () => waited;
}

async function run(events: readonly APIGatewayProxyEvent[]): Promise<Run> {
  const statuses = new Map<number, number>();
  const latenciesMs: number[] = [];
  const cpu = process.cpuUsage();
  for (const event of events) {
    const begun = performance.now();
    const { statusCode } = await handler(event, CONTEXT);
    latenciesMs.push(performance.now() - begun);
    statuses.set(statusCode, (statuses.get(statusCode) ?? 0) + 1);
  }
  return { cpuMicros: cpuSince(cpu) / events.length, latenciesMs, statuses };
}

/** Executes work under the CPU profiler. @returns every function with its self time */
async function profiled(work: () => Promise<unknown>): Promise<ProfiledFunction[]> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: 100 });
  await session.post('Profiler.start');
  await work();
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const selfTime = new Map<number, number>();
  for (const [index, id] of (profile.samples ?? []).entries()) {
    selfTime.set(id, (selfTime.get(id) ?? 0) + (profile.timeDeltas?.[index] ?? 0));
  }
  return profile.nodes.map(({ id, callFrame }) => ({
    name: callFrame.functionName,
    url: callFrame.url,
    line: callFrame.lineNumber,
    column: callFrame.columnNumber,
    micros: selfTime.get(id) ?? 0,
  }));
}

serve({
  load,
  coldStart,
  run,
  handle: (event: APIGatewayProxyEvent) => handler(event, CONTEXT),
  profileColdStart: (input: { file: string; event: APIGatewayProxyEvent }) => profiled(() => coldStart(input)),
  profileRun: (events: readonly APIGatewayProxyEvent[]) => profiled(() => run(events)),
  memory: () => process.memoryUsage.rss(),
});

import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { quantile } from 'simple-statistics';
import { readOptions, UsageError } from '../cli/arguments.ts';
import { type Child, startChild } from './child.ts';
import { SECRET } from './contestants.ts';
import { BATCH_SIZE, batches, type SoakRequest, send } from './traffic.ts';
import { type Interval, MIN_INTERVALS, validateSoak } from './validate-soak.ts';

const HELP = `Sends steady traffic to a local inbox, and reports memory leaks and unexpected responses.

  npm run soak -- --minutes N [--rate R]

  --minutes N   duration, at least 0.5
  --rate R      requests per second (default: 50): 60% new events, 20% duplicates, 20% hostile requests

The inbox runs in its own process and keeps its table on disk, in a temporary folder. The exit status is 1 if memory or
open handles grow from the first third of the run to the last, or if a response is unexpected.`;

/** Options of the inbox that the soak starts. */
export interface SoakInboxOptions {
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** Memory and open handles of the inbox's process. */
export type ResourceUsage = Pick<Interval, 'heapBytes' | 'residentBytes' | 'handles'>;

/** Length of an interval in seconds: a run has about thirty. */
const intervalSeconds = (minutes: number) => Math.min(30, Math.max(2, minutes * 2));

/** The command `npm run soak`. */
export async function soak(): Promise<void> {
  const text = { type: 'string' } as const;
  const options = readOptions(HELP, { minutes: text, rate: text });
  if (!options) return;
  const minutes = numberOf('--minutes', options.minutes, 0.5);
  const rate = numberOf('--rate', options.rate ?? '50', 1);
  const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-soak-'));
  try {
    reportVerdict(await soakFor(minutes, rate, folder));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function numberOf(option: string, given: string | undefined, least: number): number {
  const value = Number(given);
  if (given && value >= least && Number.isFinite(value)) return value;
  throw new UsageError(`${option} must be a number of at least ${least}.\n\n${HELP}`);
}

async function soakFor(minutes: number, rate: number, folder: string): Promise<Interval[]> {
  await using inbox = startChild(fileURLToPath(new URL('./soak-inbox.ts', import.meta.url)), {
    env: {},
    execArgv: ['--expose-gc'],
  });
  const options: SoakInboxOptions = { dataDir: folder, environment: { WEBHOOK_SECRET_GENERIC: SECRET } };
  const url = await inbox.call<string>('start', options);
  const agent = new Agent({ keepAlive: true });
  const traffic = batches(SECRET);
  const seconds = intervalSeconds(minutes);
  const count = Math.max(MIN_INTERVALS, Math.round((minutes * 60) / seconds));
  console.log(
    `${count} intervals of ${seconds} s, ${rate} requests per second. Ctrl-C ends the soak without a verdict.`,
  );
  const intervals: Interval[] = [];
  for (let index = 0; index < count; index += 1) {
    const interval = await runInterval({ url, agent, inbox, traffic, rate, seconds });
    intervals.push(interval);
    console.log(`${String(index + 1).padStart(4)}/${count}  ${toLine(interval)}`);
  }
  agent.destroy();
  return intervals;
}

interface IntervalOptions {
  readonly url: string;
  readonly agent: Agent;
  readonly inbox: Child;
  readonly traffic: Generator<SoakRequest[], never>;
  /** Requests per second. */
  readonly rate: number;
  readonly seconds: number;
}

/** Runs one interval. Batches overlap; the requests of one batch do not, so that duplicates follow their event. */
async function runInterval({ url, agent, inbox, traffic, rate, seconds }: IntervalOptions): Promise<Interval> {
  const latencies: number[] = [];
  const errors: string[] = [];
  const sendInOrder = async (batch: readonly SoakRequest[]) => {
    for (const each of batch) {
      const sentAt = performance.now();
      const error = await send(url, agent, each);
      latencies.push(performance.now() - sentAt);
      if (error) errors.push(error);
    }
  };
  const startedAt = performance.now();
  const inFlight = new Set<Promise<void>>();
  for (let count = 0; (count * BATCH_SIZE) / rate < seconds; count += 1) {
    const batch: Promise<void> = sendInOrder(traffic.next().value).finally(() => inFlight.delete(batch));
    inFlight.add(batch);
    await sleep(Math.max(0, startedAt + ((count + 1) * BATCH_SIZE * 1000) / rate - performance.now()));
  }
  await Promise.all(inFlight);
  const usage = await inbox.call<ResourceUsage>('resourceUsage');
  const [p50 = 0, p99 = 0] = quantile(latencies, [0.5, 0.99]);
  return { ...usage, p50, p99, requests: latencies.length, errors };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function toLine({ heapBytes, residentBytes, handles, p50, p99, requests, errors }: Interval): string {
  const usage = `heap ${megabytes(heapBytes)}  resident ${megabytes(residentBytes)}  handles ${handles}`;
  const latency = `p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms`;
  return `${usage}  ${latency}  requests ${requests}  unexpected ${errors.length}`;
}

function reportVerdict(intervals: readonly Interval[]): void {
  const requests = intervals.reduce((sum, each) => sum + each.requests, 0);
  const problems = validateSoak(intervals);
  if (problems.length > 0) throw new UsageError(`Failed after ${requests} requests: ${problems.join('; ')}.`);
  console.log(`Passed after ${requests} requests: no growth, and every response as expected.`);
}

import { mkdtempSync, rmSync } from 'node:fs';
import { Agent } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { quantile } from 'simple-statistics';
import { readArguments, UsageError } from '../cli/arguments.ts';
import { type Child, startChild } from './child.ts';
import { SECRET } from './contestants.ts';
import { fire, type Shot, tens } from './traffic.ts';
import { faultsIn, type Interval, MIN_INTERVALS } from './verdict.ts';

const HELP = `Holds a steady load against the local inbox, and says whether it grows or errs.

  npm run soak -- --minutes N [--rate R]

  --minutes N   how long; 0.5 at least
  --rate R      requests a second (50): six in ten are new events, two are duplicates, two are hostile

The inbox runs in a process of its own, its table on disk in a temporary folder. Exit status 1 where memory or open
handles grow from the first third of the run to the last, or an answer is not what it should be.`;

/** What the inbox is started with. */
export interface SoakInboxOptions {
  readonly dataDir: string;
  readonly environment: NodeJS.ProcessEnv;
}

/** What the inbox's process holds. */
export type Held = Pick<Interval, 'heapBytes' | 'residentBytes' | 'handles'>;

/** How long an interval is, in seconds: so that a run has about thirty. */
const intervalSeconds = (minutes: number) => Math.min(30, Math.max(2, minutes * 2));

/** The command `npm run soak`. */
export async function soak(): Promise<void> {
  const text = { type: 'string' } as const;
  const given = readArguments(HELP, { minutes: text, rate: text });
  if (!given) return;
  const minutes = numberOf('--minutes', given.values.minutes, 0.5);
  const rate = numberOf('--rate', given.values.rate ?? '50', 1);
  const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-soak-'));
  try {
    const intervals = await soakFor(minutes, rate, folder);
    sayVerdict(faultsIn(intervals), intervals);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function numberOf(option: string, given: string | undefined, atLeast: number): number {
  const value = Number(given);
  if (given && value >= atLeast && Number.isFinite(value)) return value;
  throw new UsageError(`${option} must be a number, ${atLeast} at least.\n\n${HELP}`);
}

async function soakFor(minutes: number, rate: number, folder: string): Promise<Interval[]> {
  await using inbox = startChild(fileURLToPath(new URL('./soak-inbox.ts', import.meta.url)), {
    env: {},
    execArgv: ['--expose-gc'],
  });
  const options: SoakInboxOptions = { dataDir: folder, environment: { WEBHOOK_SECRET_GENERIC: SECRET } };
  const url = await inbox.call<string>('start', options);
  const agent = new Agent({ keepAlive: true });
  const traffic = tens(SECRET);
  const seconds = intervalSeconds(minutes);
  const count = Math.max(MIN_INTERVALS, Math.round((minutes * 60) / seconds));
  console.log(`${count} intervals of ${seconds} s, ${rate} requests a second. Ctrl-C ends it without a verdict.`);
  const intervals: Interval[] = [];
  for (let index = 0; index < count; index += 1) {
    const interval = await run({ url, agent, inbox, traffic, rate, seconds });
    intervals.push(interval);
    console.log(`${String(index + 1).padStart(4)}/${count}  ${line(interval)}`);
  }
  agent.destroy();
  return intervals;
}

interface Run {
  readonly url: string;
  readonly agent: Agent;
  readonly inbox: Child;
  readonly traffic: Generator<Shot[], never>;
  readonly rate: number;
  readonly seconds: number;
}

/** One interval: requests in tens, each ten in turn, so that an event is stored before it comes again. */
async function run({ url, agent, inbox, traffic, rate, seconds }: Run): Promise<Interval> {
  const latencies: number[] = [];
  const wrong: string[] = [];
  const sendInTurn = async (ten: readonly Shot[]) => {
    for (const shot of ten) {
      const sent = performance.now();
      const fault = await fire(url, agent, shot);
      latencies.push(performance.now() - sent);
      if (fault) wrong.push(fault);
    }
  };
  const begun = performance.now();
  const underWay = new Set<Promise<void>>();
  for (let count = 0; (count * 10) / rate < seconds; count += 1) {
    const ten: Promise<void> = sendInTurn(traffic.next().value).finally(() => underWay.delete(ten));
    underWay.add(ten);
    await sleep(Math.max(0, begun + ((count + 1) * 10_000) / rate - performance.now()));
  }
  await Promise.all(underWay);
  const held = await inbox.call<Held>('held');
  const [p50 = 0, p99 = 0] = quantile(latencies, [0.5, 0.99]);
  return { ...held, p50, p99, answers: latencies.length, wrong };
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;

function line({ heapBytes, residentBytes, handles, p50, p99, answers, wrong }: Interval): string {
  const memory = `heap ${megabytes(heapBytes)}  resident ${megabytes(residentBytes)}  handles ${handles}`;
  return `${memory}  p50 ${p50.toFixed(1)} ms  p99 ${p99.toFixed(1)} ms  answers ${answers}  wrong ${wrong.length}`;
}

function sayVerdict(faults: readonly string[], intervals: readonly Interval[]): void {
  const answers = intervals.reduce((sum, each) => sum + each.answers, 0);
  if (faults.length > 0) throw new UsageError(`After ${answers} answers: ${faults.join('; ')}.`);
  console.log(`After ${answers} answers: flat, and every answer was right.`);
}

import { randomUUID } from 'node:crypto';
import { median } from 'simple-statistics';
import { type Arena, fileOf } from './arena.ts';
import { CONTESTANTS, type ContestantName } from './contestants.ts';
import { genericDelivery, genericEvent, largeEvent } from './deliveries.ts';
import type { ColdStart, FunctionProcess } from './function-process.ts';
import type { Rounds } from './rounds.ts';
import { rotated } from './statistics.ts';

/** A kind of event that a warm contestant handles. */
export type Work = 'stored' | 'storedLarge' | 'duplicate' | 'forgery';

/** Measurements of one kind of work, with one value per round. */
export interface Warm {
  /** CPU time in microseconds per event. */
  readonly cpuMicros: number[];
  /** Median latency of the round, in milliseconds. */
  readonly latencyMs: number[];
}

const NAMES = CONTESTANTS.map(({ name }) => name);

/**
 * Measures one cold start per contestant and round, each in a new process.
 * @throws {Error} if a response has an unexpected status
 */
export async function measureColdStarts(
  arena: Arena,
  rounds: number,
  progress: (round: number) => void,
): Promise<Map<ContestantName, ColdStart[]>> {
  const measured = new Map<ContestantName, ColdStart[]>(NAMES.map((name) => [name, []]));
  for (let round = 0; round < rounds; round += 1) {
    progress(round);
    for (const name of rotated(NAMES, round)) {
      await using contestant = arena.start();
      const event = genericDelivery(genericEvent(randomUUID()));
      const cold = await contestant.coldStart({ file: fileOf(arena, name), event });
      expectStatus(name, 200, cold.status);
      measured.get(name)?.push(cold);
    }
  }
  return measured;
}

/** Number of events per round. */
const EVENTS: Readonly<Record<Work, number>> = { stored: 100, storedLarge: 50, duplicate: 100, forgery: 1000 };

/** Measurements of all warm rounds. */
export interface WarmRounds {
  readonly work: ReadonlyMap<ContestantName, Readonly<Record<Work, Warm>>>;
  /** CPU time of one HMAC and a response in JSON, in microseconds, with one value per round. */
  readonly bareHmacMicros: readonly number[];
  /** Resident memory after the last round. */
  readonly memoryBytes: ReadonlyMap<ContestantName, number>;
}

/**
 * Measures warm contestants, each in one process for all rounds.
 * @param progress called before each round; rounds of the warm-up are negative
 * @throws {Error} if a response has an unexpected status
 */
export async function measureWarm(
  arena: Arena,
  { warmUp, warm }: Pick<Rounds, 'warmUp' | 'warm'>,
  progress: (round: number) => void,
): Promise<WarmRounds> {
  await using processes = new AsyncDisposableStack();
  const start = async (file: string) => {
    const contestant = processes.use(arena.start());
    await contestant.load(file);
    return contestant;
  };
  const contestants = new Map<ContestantName, FunctionProcess>();
  for (const name of NAMES) contestants.set(name, await start(fileOf(arena, name)));
  const bareHmac = await start(arena.bareHmac.file);

  const work = new Map(NAMES.map((name) => [name, noWork()]));
  const bareHmacMicros: number[] = [];
  for (let round = -warmUp; round < warm; round += 1) {
    progress(round);
    for (const name of rotated(NAMES, round + warmUp)) {
      const measured = await measureRound(name, contestants.get(name) as FunctionProcess);
      if (round >= 0) append(work.get(name), measured);
    }
    const { cpuMicros } = await bareHmac.run(forgeries());
    if (round >= 0) bareHmacMicros.push(cpuMicros);
  }
  const memoryBytes = new Map<ContestantName, number>();
  for (const [name, contestant] of contestants) memoryBytes.set(name, await contestant.memory());
  return { work, bareHmacMicros, memoryBytes };
}

function noWork(): Record<Work, Warm> {
  const none = (): Warm => ({ cpuMicros: [], latencyMs: [] });
  return { stored: none(), storedLarge: none(), duplicate: none(), forgery: none() };
}

const many = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make);

/** Forged deliveries of a small event. */
const forgeries = () => many(EVENTS.forgery, () => genericDelivery(genericEvent(randomUUID()), 'a guess'));

type RoundResult = Readonly<Record<Work, { readonly cpuMicros: number; readonly latencyMs: number }>>;

async function measureRound(name: ContestantName, contestant: FunctionProcess): Promise<RoundResult> {
  const stored = many(EVENTS.stored, () => genericDelivery(genericEvent(randomUUID())));
  const large = many(EVENTS.storedLarge, () => genericDelivery(largeEvent(randomUUID())));
  const run = async (events: typeof stored, status: number) => {
    const { cpuMicros, latenciesMs, statuses } = await contestant.run(events);
    for (const actual of statuses.keys()) expectStatus(name, status, actual);
    return { cpuMicros, latencyMs: median([...latenciesMs]) };
  };
  return {
    stored: await run(stored, 200),
    duplicate: await run(stored, 200),
    storedLarge: await run(large, 200),
    forgery: await run(forgeries(), 401),
  };
}

function append(all: Record<Work, Warm> | undefined, measured: RoundResult): void {
  for (const [work, { cpuMicros, latencyMs }] of Object.entries(measured)) {
    all?.[work as Work].cpuMicros.push(cpuMicros);
    all?.[work as Work].latencyMs.push(latencyMs);
  }
}

/** Figures of wrong responses would be meaningless. */
function expectStatus(name: ContestantName, expected: number, actual: number): void {
  if (actual !== expected) throw new Error(`${name} responded with ${actual} instead of ${expected}.`);
}

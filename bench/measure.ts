import { randomUUID } from 'node:crypto';
import { median } from 'simple-statistics';
import { type Arena, fileOf } from './arena.ts';
import { CONTESTANTS, type ContestantName } from './contestants.ts';
import { genericDelivery, genericEvent, largeEvent } from './deliveries.ts';
import type { ColdStart, FunctionProcess } from './function-process.ts';
import type { Rounds } from './rounds.ts';
import { rotated } from './statistics.ts';

/** What is done to a warm contestant. */
export type Work = 'stored' | 'storedLarge' | 'duplicate' | 'forgery';

/** One kind of work, one value a round. */
export interface Warm {
  /** Microseconds an event. */
  readonly cpuMicros: number[];
  /** The median of the run, in milliseconds. */
  readonly latencyMs: number[];
}

const NAMES = CONTESTANTS.map(({ name }) => name);

/** Cold starts by contestant, one a round, each in a fresh process. */
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

/** How many events a run has. */
const EVENTS: Readonly<Record<Work, number>> = { stored: 100, storedLarge: 50, duplicate: 100, forgery: 1000 };

/** What the warm rounds came to. */
export interface WarmRounds {
  readonly work: ReadonlyMap<ContestantName, Readonly<Record<Work, Warm>>>;
  /** One HMAC and an answer in JSON: microseconds, one a round. */
  readonly bareHmacMicros: readonly number[];
  /** Resident, after the last round. */
  readonly memoryBytes: ReadonlyMap<ContestantName, number>;
}

/** Warm contestants, each in a process that lives through all rounds. */
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

/** Forged deliveries of the usual size. */
const forgeries = () => many(EVENTS.forgery, () => genericDelivery(genericEvent(randomUUID()), 'a guess'));

type RoundOf = Readonly<Record<Work, { readonly cpuMicros: number; readonly latencyMs: number }>>;

async function measureRound(name: ContestantName, contestant: FunctionProcess): Promise<RoundOf> {
  const stored = many(EVENTS.stored, () => genericDelivery(genericEvent(randomUUID())));
  const large = many(EVENTS.storedLarge, () => genericDelivery(largeEvent(randomUUID())));
  const run = async (events: typeof stored, status: number) => {
    const { cpuMicros, latenciesMs, statuses } = await contestant.run(events);
    for (const answered of statuses.keys()) expectStatus(name, status, answered);
    return { cpuMicros, latencyMs: median([...latenciesMs]) };
  };
  return {
    stored: await run(stored, 200),
    duplicate: await run(stored, 200),
    storedLarge: await run(large, 200),
    forgery: await run(forgeries(), 401),
  };
}

function append(all: Record<Work, Warm> | undefined, measured: RoundOf): void {
  for (const [work, { cpuMicros, latencyMs }] of Object.entries(measured)) {
    all?.[work as Work].cpuMicros.push(cpuMicros);
    all?.[work as Work].latencyMs.push(latencyMs);
  }
}

/** Figures of answers that are not the right ones would be worth nothing. */
function expectStatus(name: ContestantName, expected: number, answered: number): void {
  if (answered !== expected) throw new Error(`${name} answered ${answered} where ${expected} was due.`);
}

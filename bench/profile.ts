import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type SourceMap, SourceMap as SourceMapOf } from 'node:module';
import { sum } from 'simple-statistics';
import { type Arena, fileOf } from './arena.ts';
import type { ContestantName } from './contestants.ts';
import { genericDelivery, genericEvent } from './deliveries.ts';
import type { ProfiledFunction } from './function-process.ts';

/** Milliseconds by who spends them. */
export type Spending = ReadonlyMap<string, number>;

/** Where a contestant's time goes. */
export interface Profile {
  /** From the first byte of code to the first answer. */
  readonly cold: Spending;
  /** A new event, warm. */
  readonly stored: Spending;
  /** A forgery, warm. */
  readonly forgery: Spending;
}

/** Who spends, by where the code comes from; the first that matches. */
const SPENDERS: readonly (readonly [spender: string, pattern: RegExp])[] = [
  ['AWS SDK', /node_modules\/(@aws-sdk|@smithy|@aws-crypto|@aws|bowser|tslib|mnemonist|obliterator)\//],
  ['Powertools: logs, metrics', /node_modules\/@aws-lambda-powertools\//],
  ['middy', /node_modules\/@middy\//],
  ['valibot', /node_modules\/valibot\//],
  ['its own code', /(^|\/)(lambda|bench\/contestants)\//],
];

/** Waiting, and the harness itself. */
const NOT_COUNTED = 'not counted';

/** The file of function-runtime.ts. */
const RUNTIME = 'bench-function-runtime.mjs';

const EVENTS = 400;

/** Profiles a contestant; the profiler slows it down, so that only the shares count. */
export async function profile(arena: Arena, name: ContestantName): Promise<Profile> {
  const file = fileOf(arena, name);
  const sources = new SourceMapOf(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  const stored = () => genericDelivery(genericEvent(randomUUID()));
  const forged = () => genericDelivery(genericEvent(randomUUID()), 'a guess');
  await using fresh = arena.start();
  const cold = await fresh.profileColdStart({ file, event: stored() });
  const many = (make: typeof stored) => Array.from({ length: EVENTS }, make);
  await fresh.run([...many(stored), ...many(stored), ...many(forged)]);
  return {
    cold: spending(cold, file, sources, 1),
    stored: spending(await fresh.profileRun(many(stored)), file, sources, EVENTS),
    forgery: spending(await fresh.profileRun(many(forged)), file, sources, EVENTS),
  };
}

function spending(functions: readonly ProfiledFunction[], file: string, sources: SourceMap, events: number): Spending {
  const micros = Map.groupBy(functions, (each) => spenderOf(each, file, sources));
  const milliseconds = [...micros].map(([spender, spent]): [string, number] => {
    return [spender, sum(spent.map((each) => each.micros)) / 1000 / events];
  });
  return new Map(milliseconds.filter(([spender]) => spender !== NOT_COUNTED));
}

function spenderOf({ name, url, line, column }: ProfiledFunction, file: string, sources: SourceMap): string {
  if (name === '(idle)' || url === 'node:inspector' || url.endsWith(RUNTIME)) return NOT_COUNTED;
  if (name === '(garbage collector)') return 'garbage collection';
  if (!url.endsWith(file)) return 'Node.js: modules, HTTP, crypto, JSON';
  const entry = sources.findEntry(line, column);
  const source = 'originalSource' in entry ? entry.originalSource : '';
  return SPENDERS.find(([, pattern]) => pattern.test(source))?.[0] ?? 'the rest of the bundle';
}

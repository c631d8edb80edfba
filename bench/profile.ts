import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type SourceMap, SourceMap as SourceMapOf } from 'node:module';
import { sum } from 'simple-statistics';
import { type Arena, fileOf } from './arena.ts';
import type { ContestantName } from './contestants.ts';
import { genericDelivery, genericEvent } from './deliveries.ts';
import type { ProfiledFunction } from './function-process.ts';

/** CPU time by the origin of the code, in milliseconds per event. */
export type TimeByOrigin = ReadonlyMap<string, number>;

/** CPU profiles of a contestant. */
export interface Profile {
  /** Cold start: from the import of the code to the first response. */
  readonly cold: TimeByOrigin;
  /** A new event, warm. */
  readonly stored: TimeByOrigin;
  /** A forgery, warm. */
  readonly forgery: TimeByOrigin;
}

/** Origins of bundled code, by its path. The first match counts. */
const ORIGINS: readonly (readonly [origin: string, path: RegExp])[] = [
  ['AWS SDK', /node_modules\/(@aws-sdk|@smithy|@aws-crypto|@aws|bowser|tslib|mnemonist|obliterator)\//],
  ['Powertools: logs, metrics', /node_modules\/@aws-lambda-powertools\//],
  ['middy', /node_modules\/@middy\//],
  ['valibot', /node_modules\/valibot\//],
  ['own code', /(^|\/)(lambda|bench\/contestants)\//],
];

/** Idle time, and the benchmark itself. */
const NOT_COUNTED = 'not counted';

/** The bundle of function-runtime.ts. */
const RUNTIME = 'bench-function-runtime.mjs';

const EVENTS = 400;

/** Profiles a contestant. The profiler slows it down, so only the shares are meaningful. */
export async function profile(arena: Arena, name: ContestantName): Promise<Profile> {
  const file = fileOf(arena, name);
  const sources = new SourceMapOf(JSON.parse(readFileSync(`${file}.map`, 'utf8')));
  const stored = () => genericDelivery(genericEvent(randomUUID()));
  const forged = () => genericDelivery(genericEvent(randomUUID()), 'a guess');
  await using contestant = arena.start();
  const cold = await contestant.profileColdStart({ file, event: stored() });
  const many = (make: typeof stored) => Array.from({ length: EVENTS }, make);
  await contestant.run([...many(stored), ...many(stored), ...many(forged)]);
  return {
    cold: timeByOrigin(cold, file, sources, 1),
    stored: timeByOrigin(await contestant.profileRun(many(stored)), file, sources, EVENTS),
    forgery: timeByOrigin(await contestant.profileRun(many(forged)), file, sources, EVENTS),
  };
}

function timeByOrigin(
  functions: readonly ProfiledFunction[],
  file: string,
  sources: SourceMap,
  events: number,
): TimeByOrigin {
  const groups = Map.groupBy(functions, (each) => originOf(each, file, sources));
  const milliseconds = [...groups].map(([origin, group]): [string, number] => {
    return [origin, sum(group.map(({ micros }) => micros)) / 1000 / events];
  });
  return new Map(milliseconds.filter(([origin]) => origin !== NOT_COUNTED));
}

function originOf({ name, url, line, column }: ProfiledFunction, file: string, sources: SourceMap): string {
  if (name === '(idle)' || url === 'node:inspector' || url.endsWith(RUNTIME)) return NOT_COUNTED;
  if (name === '(garbage collector)') return 'garbage collection';
  if (url.includes('/providers/')) return 'providers';
  if (!url.endsWith(file)) return 'Node.js: modules, HTTP, crypto, JSON';
  const entry = sources.findEntry(line, column);
  const source = 'originalSource' in entry ? entry.originalSource : '';
  return ORIGINS.find(([, path]) => path.test(source))?.[0] ?? 'the rest of the bundle';
}

import { writeFileSync } from 'node:fs';
import { readArguments, UsageError } from '../cli/arguments.ts';
import { openArena } from './arena.ts';
import { chart } from './chart.ts';
import { countPayloadUnits, countUsage } from './count-units.ts';
import { measureLoad } from './load.ts';
import { measureColdStarts, measureWarm } from './measure.ts';
import { page } from './page.ts';
import { type Profile, profile } from './profile.ts';
import { type Results, setting } from './results.ts';
import type { Rounds } from './rounds.ts';

const HELP = `Measures the deployed function beside others that do the same job, and writes docs/benchmarks.md and .svg.

  npm run bench [-- --quick] [--write] [--json]

  --quick   a minute or two instead of five or more; prints, and writes nothing
  --write   writes all the same
  --json    prints all that was measured as JSON

It needs no AWS account and calls none. For figures to keep, let nothing else run on the machine.`;

const THOROUGH: Rounds = { cold: 30, warmUp: 20, warm: 40, loadSeconds: 10 };
const QUICK: Rounds = { cold: 6, warmUp: 5, warm: 8, loadSeconds: 2 };

/** How many callers at a time. */
const CONNECTIONS = [1, 8, 64];

/** The command `npm run bench`. */
export async function bench(): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const given = readArguments(HELP, { quick: flag, write: flag, json: flag });
  if (!given) return;
  const { values, positionals } = given;
  if (positionals.length > 0) throw new UsageError(`This takes no "${positionals[0]}".\n\n${HELP}`);
  const command = values.quick ? 'npm run bench -- --quick' : 'npm run bench';
  const results = await measure(command, values.quick ? QUICK : THOROUGH);
  const text = page(results);
  console.log(values.json ? toJson(results) : text);
  if (values.quick && !values.write) return;
  writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), text);
  writeFileSync(new URL('../docs/benchmarks.svg', import.meta.url), chart(results));
  console.error('docs/benchmarks.md and docs/benchmarks.svg are written.');
}

async function measure(command: string, rounds: Rounds): Promise<Results> {
  say('bundling, starting DynamoDB');
  await using arena = await openArena();
  say('counting requests and write units');
  const usage = await countUsage(arena);
  const payloads = await countPayloadUnits(arena);
  const cold = await measureColdStarts(arena, rounds.cold, (round) => say(`cold starts ${round + 1}/${rounds.cold}`));
  const warm = await measureWarm(arena, rounds, (round) => {
    say(round < 0 ? `warming up, ${-round} rounds to go` : `warm rounds ${round + 1}/${rounds.warm}`);
  });
  say('profiling');
  const profiles = new Map<'inbox' | 'floor', Profile>();
  for (const name of ['inbox', 'floor'] as const) profiles.set(name, await profile(arena, name));
  say('npm start under load');
  const load = await measureLoad(CONNECTIONS, rounds.loadSeconds);
  return { setting: setting(command, rounds), bundles: arena.bundles, cold, warm, usage, payloads, load, profiles };
}

const say = (what: string) => console.error(`bench: ${what}`);

function toJson(results: Results): string {
  return JSON.stringify(results, (_, value) => (value instanceof Map ? Object.fromEntries(value) : value), 2);
}

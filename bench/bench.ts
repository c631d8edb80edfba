import { writeFileSync } from 'node:fs';
import { readOptions } from '../cli/arguments.ts';
import { openArena } from './arena.ts';
import { chart } from './chart.ts';
import { countPayloadUnits, countUsage } from './count-units.ts';
import { measureLoad } from './load.ts';
import { measureColdStarts, measureWarm } from './measure.ts';
import { page } from './page.ts';
import { type Profile, profile } from './profile.ts';
import { type Results, setting } from './results.ts';
import type { Rounds } from './rounds.ts';

const HELP = `Measures the deployed function side by side with other implementations of the same job.
Prints the results, and writes docs/benchmarks.md and docs/benchmarks.svg.

  npm run bench [-- --quick] [--write] [--json]

  --quick   takes one or two minutes instead of five or more, and writes no files
  --write   writes the files after a quick run, too
  --json    prints every measured value as JSON

The command needs no AWS account and calls none. For figures to publish, run nothing else on the machine.`;

const THOROUGH: Rounds = { cold: 30, warmUp: 20, warm: 40, loadSeconds: 10 };
const QUICK: Rounds = { cold: 6, warmUp: 5, warm: 8, loadSeconds: 2 };

/** Numbers of concurrent connections. */
const CONNECTIONS = [1, 8, 64];

/** The command `npm run bench`. */
export async function bench(): Promise<void> {
  const flag = { type: 'boolean' } as const;
  const values = readOptions(HELP, { quick: flag, write: flag, json: flag });
  if (!values) return;
  const command = values.quick ? 'npm run bench -- --quick' : 'npm run bench';
  const results = await measure(command, values.quick ? QUICK : THOROUGH);
  const text = page(results);
  console.log(values.json ? toJson(results) : text);
  if (values.quick && !values.write) return;
  writeFileSync(new URL('../docs/benchmarks.md', import.meta.url), text);
  writeFileSync(new URL('../docs/benchmarks.svg', import.meta.url), chart(results));
  console.error('bench: wrote docs/benchmarks.md and docs/benchmarks.svg');
}

async function measure(command: string, rounds: Rounds): Promise<Results> {
  say('bundling the contestants, starting their backends');
  await using arena = await openArena();
  say('counting requests and write units');
  const usage = await countUsage(arena);
  const payloads = await countPayloadUnits(arena);
  const cold = await measureColdStarts(arena, rounds.cold, (round) => say(`cold start ${round + 1} of ${rounds.cold}`));
  const warm = await measureWarm(arena, rounds, (round) => {
    say(round < 0 ? `warm-up, ${-round} rounds left` : `warm round ${round + 1} of ${rounds.warm}`);
  });
  say('profiling');
  const profiles = new Map<'inbox' | 'floor', Profile>();
  for (const name of ['inbox', 'floor'] as const) profiles.set(name, await profile(arena, name));
  say('measuring npm start under load');
  const load = await measureLoad(CONNECTIONS, rounds.loadSeconds);
  return { setting: setting(command, rounds), bundles: arena.bundles, cold, warm, usage, payloads, load, profiles };
}

const say = (step: string) => console.error(`bench: ${step}`);

function toJson(results: Results): string {
  return JSON.stringify(results, (_, value) => (value instanceof Map ? Object.fromEntries(value) : value), 2);
}

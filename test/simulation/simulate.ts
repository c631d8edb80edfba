import { readOptions, run, UsageError } from '../../cli/arguments.ts';
import { progressOf } from '../../cli/progress.ts';
import { BREAKS } from './breaks.ts';
import type { SimulatedDay } from './day-worker.ts';
import { simulateDays } from './simulate-days.ts';

const HELP = `Simulates days of an inbox in virtual time, and checks what must hold whatever happens.

  npm run simulate -- [--days N] [--seed S] [--trace]
  npm run simulate -- --broken [--break NAME]

  --days N       number of days (default: 100); each has the next seed
  --seed S       seed of the first day (default: 1)
  --trace        prints each day line by line
  --broken       puts one fault after the other into the code, and shows that each is found
  --break NAME   only this fault: ${Object.keys(BREAKS).join(', ')}

The exit status is 1 if a day breaks an invariant, or if a fault is not found. The same seed repeats the same day.`;

async function simulate(): Promise<void> {
  const [text, flag] = [{ type: 'string' }, { type: 'boolean' }] as const;
  const options = readOptions(HELP, { days: text, seed: text, trace: flag, broken: flag, break: text });
  if (!options) return;
  const days = wholeNumber('--days', options.days ?? (options.broken ? '1000' : '100'));
  const firstSeed = wholeNumber('--seed', options.seed ?? '1');
  if (options.broken) await findBreaks(breakNames(options.break), days, firstSeed);
  else await checkDays(days, firstSeed, options.trace ?? false);
}

function wholeNumber(option: string, given: string): number {
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new UsageError(`${option} must be a whole number.\n\n${HELP}`);
}

function breakNames(name: string | undefined): readonly string[] {
  if (name === undefined) return Object.keys(BREAKS);
  if (name in BREAKS) return [name];
  throw new UsageError(`There is no fault of this name.\n\n${HELP}`);
}

/** Simulates days of the code as it is. */
async function checkDays(days: number, firstSeed: number, trace: boolean): Promise<void> {
  const counts: Record<string, number> = {};
  const startedAt = performance.now();
  const progress = progressOf({ everyMs: 10_000 });
  let done = 0;
  let failed = 0;
  await simulateDays({
    firstSeed,
    days,
    trace,
    onDay(day) {
      done += 1;
      for (const line of day.lines) console.log(line);
      for (const [name, value] of Object.entries(day.counts)) counts[name] = (counts[name] ?? 0) + value;
      if (day.violations.length > 0) failed += 1;
      if (day.violations.length > 0) console.log(failureOf(day));
      progress.show(`${done} of ${days} days`);
      return failed < MAX_FAILURES;
    },
  });
  progress.end();
  console.log(table(counts));
  const seconds = Math.round((performance.now() - startedAt) / 1_000);
  console.log(
    `${done} days, seeds ${firstSeed} to ${firstSeed + done - 1}, ${seconds} s: ${failed} broke an invariant.`,
  );
  if (failed > 0) process.exitCode = 1;
}

/** After so many days that break an invariant, more would tell nothing new. */
const MAX_FAILURES = 10;

function failureOf({ seed, violations }: SimulatedDay): string {
  const lines = violations.slice(0, 5).map(({ at, invariant, details }) => {
    return `  ${new Date(at).toISOString()}  ${invariant}: ${details}`;
  });
  return [`Seed ${seed}. To repeat: npm run simulate -- --seed ${seed} --days 1 --trace`, ...lines].join('\n');
}

function table(counts: Readonly<Record<string, number>>): string {
  const rows = Object.entries(counts).sort(([one], [other]) => one.localeCompare(other));
  return rows.map(([name, value]) => `${String(value).padStart(9)}  ${name}`).join('\n');
}

/** Puts each fault into the code, and simulates days until one breaks an invariant. */
async function findBreaks(names: readonly string[], days: number, firstSeed: number): Promise<void> {
  for (const name of names) {
    const found = await findBreak(name, days, firstSeed);
    const violation = found?.violations.find(({ invariant }) => BREAKS[name]?.breaks.includes(invariant));
    const result = found ? `seed ${found.seed}: ${violation?.invariant}` : `not found in ${days} days`;
    console.log(`${name.padEnd(28)} ${result}${BREAKS[name]?.wasReal ? ' (an earlier version had this fault)' : ''}`);
    if (!found) process.exitCode = 1;
  }
}

async function findBreak(broken: string, days: number, firstSeed: number): Promise<SimulatedDay | undefined> {
  const expected = BREAKS[broken]?.breaks ?? [];
  let found: SimulatedDay | undefined;
  await simulateDays({
    firstSeed,
    days,
    broken,
    onDay(day) {
      if (day.violations.some(({ invariant }) => expected.includes(invariant))) found ??= day;
      return found === undefined;
    },
  });
  return found;
}

await run(simulate);

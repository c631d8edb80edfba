import { readOptions, run, UsageError } from '../../cli/arguments.ts';
import { progressOf } from '../../cli/progress.ts';
import { issueCertificates } from './certificate-authority.ts';
import { simulateDay } from './day.ts';
import type { Ledger } from './ledger.ts';
import { type AllCertificates, CERTIFICATE_END, DAY_START } from './plan.ts';

const HELP = `Simulates days of an inbox in virtual time, and checks what must hold whatever happens.

  npm run simulate -- [--days N] [--seed S] [--trace]

  --days N    number of days (default: 100); each has the next seed
  --seed S    seed of the first day (default: 1)
  --trace     prints each day line by line

The exit status is 1 if a day breaks an invariant. The same seed repeats the same day.`;

await run(simulate);

async function simulate(): Promise<void> {
  const text = { type: 'string' } as const;
  const options = readOptions(HELP, { days: text, seed: text, trace: { type: 'boolean' } });
  if (!options) return;
  const days = wholeNumber('--days', options.days ?? '100');
  const first = wholeNumber('--seed', options.seed ?? '1');
  const certificates = await prepareCertificates();
  const progress = progressOf({ everyMs: 5_000 });
  const counts: Ledger['counts'] = {};
  const startedAt = performance.now();
  for (let index = 0; index < days; index += 1) {
    const seed = first + index;
    const ledger = await simulateDay({ seed, certificates, ...(options.trace && { trace: console.log }) });
    for (const [name, value] of Object.entries(ledger.counts)) counts[name] = (counts[name] ?? 0) + value;
    if (ledger.violations.length > 0) reportFailure(seed, ledger);
    progress.show(`day ${index + 1} of ${days}`);
  }
  progress.end();
  console.log(counts);
  console.log(`${((performance.now() - startedAt) / days).toFixed(1)} ms per day`);
}

function wholeNumber(option: string, given: string): number {
  if (/^\d{1,9}$/.test(given)) return Number(given);
  throw new UsageError(`${option} must be a whole number.\n\n${HELP}`);
}

/** Issues the certificates of the providers that sign with one. */
async function prepareCertificates(): Promise<AllCertificates> {
  const times = { day: DAY_START, ending: CERTIFICATE_END };
  return { sns: await issueCertificates('sns', times), paypal: await issueCertificates('paypal', times) };
}

function reportFailure(seed: number, { violations }: Ledger): void {
  process.exitCode = 1;
  console.log(`Seed ${seed} breaks an invariant. Repeat it: npm run simulate -- --seed ${seed} --days 1 --trace`);
  for (const { at, invariant, details } of violations.slice(0, 5)) {
    console.log(`  ${new Date(at).toISOString()}  ${invariant}: ${details}`);
  }
}

import { writeFileSync } from 'node:fs';
import confirm from '@inquirer/confirm';
import { UsageError } from '../cli/arguments.ts';
import { signingKey } from '../cli/local/local-keys.ts';
import { readSecret } from '../cli/read-secret.ts';
import { VERSION } from '../cli/version.ts';
import { checks, requestsOf } from './checks/index.ts';
import { type ProbeRunOptions, type ReportFiles, readOptions } from './options.ts';
import type { ProbeReport } from './probe-report.ts';
import { exitStatus } from './reports/exit-status.ts';
import { toHtml } from './reports/html/to-html.ts';
import { toJson } from './reports/json.ts';
import { toJunit } from './reports/junit.ts';
import { progressReporter } from './reports/progress.ts';
import { toSarif } from './reports/sarif.ts';
import { toTable } from './reports/table.ts';
import { runChecks } from './run-checks.ts';

const REPORTS: Readonly<Record<keyof ReportFiles, (report: ProbeReport) => string>> = {
  json: toJson,
  sarif: toSarif,
  junit: toJunit,
  html: toHtml,
};

/** The command `webhook-inbox probe`. */
export async function probe(environment: NodeJS.ProcessEnv): Promise<void> {
  const options = readOptions();
  if (!options) return;
  if (options.isList) return list();
  await confirmOwnership(options);
  const secret = await secretOf(options, environment);
  announce(options);
  const { isSelected } = options;
  const onResult = progressReporter(process.stderr, checks.length);
  const report = await runChecks({ ...options, secret }, { checks, isSelected, version: VERSION, onResult });
  write(report, options.files);
  process.exitCode = exitStatus(report, options.failOn);
}

function list(): void {
  for (const { id, severity, title } of checks) console.log(`${id.padEnd(22)} ${severity.padEnd(9)} ${title}`);
}

/** To probe an endpoint of someone else is an attack. */
async function confirmOwnership({ target, isConfirmed }: ProbeRunOptions): Promise<void> {
  if (target.isLoopback || isConfirmed) return;
  const { host } = target.url;
  if (!process.stdin.isTTY || !process.stderr.isTTY) {
    throw new UsageError(`Probe only your own endpoints. If ${host} is your own, confirm it with --yes.`);
  }
  const message = `The probe sends forged and hostile requests to ${host}. Is this endpoint your own?`;
  const isOwn = await confirm({ message, default: false }, { output: process.stderr }).catch(declined);
  if (!isOwn) throw new UsageError('The probe sent nothing.');
}

function declined(error: Error): false {
  if (error.name !== 'ExitPromptError') throw error;
  return false;
}

/** The secret from standard input; for an endpoint on this machine, the secret of `npm start`. */
async function secretOf(options: ProbeRunOptions, environment: NodeJS.ProcessEnv): Promise<string | undefined> {
  const { source, target, readsSecret } = options;
  if (readsSecret) return await readSecret(`Signing secret of ${target.url.href}:`, process.stdin, process.stderr);
  return source && target.isLoopback ? signingKey(environment, source) || undefined : undefined;
}

function announce({ isSelected, sender, target, rate }: ProbeRunOptions): void {
  const pace = rate === undefined ? '' : `, ${rate} per second`;
  const requests = requestsOf(checks.filter(isSelected));
  console.error(`Probing ${target.url.href} as ${sender.name}: up to ${requests} requests${pace}.`);
}

function write(report: ProbeReport, files: ReportFiles): void {
  const entries = Object.entries(files) as [keyof ReportFiles, string][];
  if (!entries.some(([, file]) => file === '-')) {
    process.stdout.write(`${table(report)}\n`);
  }
  for (const [kind, file] of entries) writeTo(file, REPORTS[kind](report));
}

function table(report: ProbeReport): string {
  const { isTTY = false, columns = 100 } = process.stdout;
  return toTable(report, { color: isTTY && process.stdout.hasColors(), width: columns }).trimEnd();
}

function writeTo(file: string, text: string): void {
  if (file === '-') return void process.stdout.write(text);
  try {
    writeFileSync(file, text);
  } catch (error) {
    throw new UsageError(`Cannot write ${file}: ${(error as Error).message}`);
  }
}

import { UsageError } from '../cli/arguments.ts';
import { invocation } from '../cli/invocation.ts';
import { HELP, type ProbeArguments, REMOTE_RATE, readProbeArguments } from './arguments.ts';
import type { Check } from './checks/check.ts';
import { checks } from './checks/index.ts';
import { SEVERITIES, type Severity } from './probe-report.ts';
import { type SelectedSender, selectSender } from './select-sender.ts';
import { type Target, toTarget } from './target.ts';

/** Files of reports by format; `-` is standard output. */
export type ReportFiles = Readonly<Partial<Record<'json' | 'sarif' | 'junit' | 'html', string>>>;

/** Options of the command: list the checks, or run a probe. */
export type ProbeOptions = { readonly isList: true } | ({ readonly isList: false } & ProbeRunOptions);

/** Options of a probe. */
export interface ProbeRunOptions extends SelectedSender {
  readonly target: Target;
  /** Whether standard input contains the secret. */
  readonly readsSecret: boolean;
  /** Whether the user confirmed that the endpoint is their own. */
  readonly isConfirmed: boolean;
  readonly isSelected: (check: Check) => boolean;
  readonly otherSource: string | undefined;
  readonly maxBodyBytes: number;
  readonly measuresTiming: boolean;
  /** Requests per second; undefined for no limit. */
  readonly rate: number | undefined;
  readonly timeoutMs: number;
  readonly files: ReportFiles;
  /** The least severity that affects the exit status. */
  readonly failOn: Severity;
}

/**
 * Reads the command's options.
 * @returns undefined after `--help`
 * @throws {UsageError} for an invalid option
 */
export function readOptions(): ProbeOptions | undefined {
  const values = readProbeArguments();
  if (!values) return undefined;
  if (values.list) return { isList: true };
  if (values.url === undefined) throw new UsageError(`The command needs the URL of the endpoint: --url.\n\n${HELP}`);
  const target = toTarget(values.url, values.source);
  return {
    isList: false,
    target,
    ...selectSender(values, target),
    readsSecret: values['secret-stdin'],
    isConfirmed: values.yes,
    isSelected: selectionOf(values.only, values.skip),
    otherSource: values['other-source'],
    maxBodyBytes: numberFrom(values['max-body'], '--max-body', 1),
    measuresTiming: values.timing,
    rate: rateOf(values.rate, target),
    timeoutMs: numberFrom(values.timeout, '--timeout', 1) * 1000,
    files: filesOf(values),
    failOn: severityOf(values['fail-on']),
  };
}

function selectionOf(only: string | undefined, skip: string | undefined): (check: Check) => boolean {
  const [included, excluded] = [idsOf(only), idsOf(skip)];
  return ({ id }) => (included === undefined || included.includes(id)) && !excluded?.includes(id);
}

function idsOf(text: string | undefined): readonly string[] | undefined {
  const ids = text?.split(',').map((id) => id.trim());
  const unknown = ids?.find((id) => !checks.some((check) => check.id === id));
  if (unknown === undefined) return ids;
  throw new UsageError(`There is no check "${unknown}". ${invocation('probe', '--list')} lists the checks.`);
}

function rateOf(text: string | undefined, { isLoopback }: Target): number | undefined {
  if (text !== undefined) return numberFrom(text, '--rate', 1);
  return isLoopback ? undefined : REMOTE_RATE;
}

function numberFrom(text: string, option: string, least: number): number {
  const number = Number(text);
  if (/^\d{1,9}$/.test(text) && number >= least) return number;
  throw new UsageError(`${option} must be a whole number of at least ${least}, not "${text}".`);
}

function filesOf({ json, sarif, junit, html }: ProbeArguments): ReportFiles {
  const files = Object.fromEntries(
    Object.entries({ json, sarif, junit, html }).filter(([, file]) => file !== undefined),
  );
  if (Object.values(files).filter((file) => file === '-').length < 2) return files;
  throw new UsageError('Only one report can be written to standard output.');
}

function severityOf(text: string): Severity {
  const severity = SEVERITIES.find((each) => each === text);
  if (severity) return severity;
  throw new UsageError(`--fail-on must be one of ${SEVERITIES.join(', ')}.`);
}

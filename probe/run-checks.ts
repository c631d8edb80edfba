import { UsageError } from '../cli/arguments.ts';
import { type Check, type Finding, inconclusive, skipped } from './checks/check.ts';
import { isAccepted } from './checks/judge.ts';
import type { CheckResult, ProbeReport } from './probe-report.ts';
import { Prober, type ProbeSettings } from './prober.ts';
import type { WireResponse } from './wire.ts';

/** Options of a run. */
export interface RunOptions {
  /** Every check. The report lists checks that are not selected as skipped. */
  readonly checks: readonly Check[];
  readonly isSelected: (check: Check) => boolean;
  /** Version of webhook-inbox. */
  readonly version: string;
  /** Called after each check. @default - not called */
  readonly onResult?: (result: CheckResult) => void;
}

/** Exchanges of a check that a report contains: the first ones. */
const MAX_EXCHANGES = 24;

/**
 * Probes an endpoint: sends a valid request, then executes the checks.
 * @throws {UsageError} if the endpoint cannot be reached, or refuses the valid request
 */
export async function runChecks(settings: ProbeSettings, options: RunOptions): Promise<ProbeReport> {
  const startedAt = new Date();
  const prober = new Prober(settings);
  await requireWorkingEndpoint(prober);
  const results: CheckResult[] = [];
  for (const check of options.checks) {
    const result = await resultOf(check, prober, options.isSelected(check));
    results.push(result);
    options.onResult?.(result);
  }
  return {
    version: options.version,
    url: settings.target.url.href,
    source: settings.target.source,
    signature: settings.sender.name,
    startedAt: startedAt.toISOString(),
    milliseconds: Date.now() - startedAt.getTime(),
    requests: prober.sent,
    results,
  };
}

async function resultOf(check: Check, prober: Prober, isSelected: boolean): Promise<CheckResult> {
  prober.begin(check.requests);
  const { id, title, severity, why, fix } = check;
  const finding = await findingOf(check, prober, isSelected);
  const { verdict, detail } = finding;
  const exchanges = prober.exchanges.slice(0, MAX_EXCHANGES);
  return { id, title, failedTitle: failedTitleOf(check, finding), severity, why, fix, verdict, detail, exchanges };
}

/** A server error is no acceptance, and must not be reported as one. */
function failedTitleOf({ failedTitle, errorTitle = failedTitle }: Check, { isServerError = false }: Finding): string {
  return isServerError ? errorTitle : failedTitle;
}

async function findingOf(check: Check, prober: Prober, isSelected: boolean): Promise<Finding> {
  if (!isSelected) return skipped('--only or --skip excludes the check.');
  const missing = check.needs.flatMap((need) => need(prober) ?? []);
  if (missing.length > 0) return skipped(missing.join(' '));
  try {
    return await check.run(prober);
  } catch (error) {
    // A defect in one check must not lose the results of the others.
    return inconclusive(`The check failed to run: ${(error as Error).message}.`);
  }
}

/** If the endpoint refuses a valid request, later refusals prove nothing. */
async function requireWorkingEndpoint(prober: Prober): Promise<void> {
  const { secret, target } = prober.settings;
  prober.begin(1);
  const request = secret === undefined ? prober.event() : prober.genuine();
  const response = await prober.send('a valid request', request);
  if (response.status === undefined) throw new UsageError(`Cannot reach ${target.url.href}: ${response.failure}.`);
  if (secret !== undefined && !isAccepted(response)) throw new UsageError(refusalMessage(response, prober));
  if (secret === undefined && response.status === 404) {
    throw new UsageError(
      `The response of ${target.url.href} is 404: there is no endpoint. The probe sent nothing else.`,
    );
  }
}

function refusalMessage({ status }: WireResponse, { sender, target }: Prober): string {
  return `The response of ${target.url.href} to a valid request is ${status}. The request was signed as ${sender.name}.
The URL, the secret or the scheme is wrong, or the endpoint does not work. The probe sent nothing else.
If the provider signs the URL, and knows the endpoint by another one, name that one: --public-url.`;
}

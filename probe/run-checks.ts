import { UsageError } from '../cli/arguments.ts';
import { type Check, type Finding, inconclusive, skipped } from './checks/check.ts';
import { isAccepted } from './checks/judge.ts';
import type { CheckResult, Exchange, ProbeReport } from './probe-report.ts';
import { Prober, type ProbeSettings } from './prober.ts';
import type { Answer } from './wire.ts';

/** What a run is given. */
export interface RunOptions {
  /** Every check there is; those that are not chosen are reported as skipped. */
  readonly all: readonly Check[];
  readonly isChosen: (check: Check) => boolean;
  /** Of the tool. */
  readonly version: string;
  /** Called with each check that is finished. */
  readonly onResult?: (result: CheckResult) => void;
}

/** How many requests of a check are reported: of many alike, the first. */
const MAX_EXCHANGES = 24;

/**
 * Probes an endpoint: first that it takes a valid request at all, then check by check.
 * @throws {UsageError} where it does not, so that nothing could be told
 */
export async function runChecks(settings: ProbeSettings, options: RunOptions): Promise<ProbeReport> {
  const startedAt = new Date();
  const prober = new Prober(settings);
  await showThatItWorks(prober);
  const results: CheckResult[] = [];
  for (const check of options.all) {
    const result = await resultOf(check, prober, options.isChosen(check));
    results.push(result);
    options.onResult?.(result);
  }
  return {
    version: options.version,
    url: settings.target.url.href,
    signature: settings.sender.name,
    startedAt: startedAt.toISOString(),
    milliseconds: Date.now() - startedAt.getTime(),
    requests: prober.sent,
    results,
  };
}

async function resultOf(check: Check, prober: Prober, isChosen: boolean): Promise<CheckResult> {
  prober.begin(check.requests);
  const { id, title, severity, why, fix } = check;
  const { verdict, detail } = await findingOf(check, prober, isChosen);
  return { id, title, severity, why, fix, verdict, detail, exchanges: telling(prober.exchanges) };
}

async function findingOf(check: Check, prober: Prober, isChosen: boolean): Promise<Finding> {
  if (!isChosen) return skipped('Left out by --only or --skip.');
  const missing = check.needs.flatMap((need) => need(prober) ?? []);
  if (missing.length > 0) return skipped(missing.join(' '));
  try {
    return await check.run(prober);
  } catch (error) {
    // What one check cannot do must not lose what the others found.
    return inconclusive(`The check could not be made: ${(error as Error).message}.`);
  }
}

const telling = (exchanges: readonly Exchange[]) => exchanges.slice(0, MAX_EXCHANGES);

/** Where a valid request is refused, every refusal after it would show nothing. */
async function showThatItWorks(prober: Prober): Promise<void> {
  const { secret, target } = prober.settings;
  prober.begin(1);
  const request = secret === undefined ? prober.event() : prober.genuine();
  const answer = await prober.send('a valid request', request);
  if (answer.status === undefined) throw new UsageError(`${target.url.href} cannot be reached: ${answer.failure}.`);
  if (secret !== undefined && !isAccepted(answer)) throw new UsageError(whyRefused(answer, prober));
  if (secret === undefined && answer.status === 404) {
    throw new UsageError(`${target.url.href} answered 404: there is no endpoint. Nothing was probed.`);
  }
}

function whyRefused({ status }: Answer, { sender, target }: Prober): string {
  return `${target.url.href} answered ${status} to a valid request, signed as ${sender.name} does.
The URL, the secret or the scheme is wrong, or the endpoint does not work. Nothing was probed.
Where the endpoint was given to its sender under another URL, and that is signed, say it with --public-url.`;
}

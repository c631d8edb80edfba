import { type CheckResult, type ProbeReport, SEVERITIES, type Severity, type Verdict } from '../probe-report.ts';

/** Verdicts, the most urgent first. */
export const VERDICTS = ['failed', 'inconclusive', 'skipped', 'passed'] as const satisfies readonly Verdict[];

/** Numbers of checks. */
export interface Summary {
  readonly verdicts: Readonly<Record<Verdict, number>>;
  /** Failed checks only. */
  readonly failedBySeverity: Readonly<Record<Severity, number>>;
}

/** Counts the checks of a report. */
export function summaryOf({ results }: ProbeReport): Summary {
  const failed = results.filter(({ verdict }) => verdict === 'failed');
  return {
    verdicts: count(VERDICTS, (verdict) => results.filter((result) => result.verdict === verdict)),
    failedBySeverity: count(SEVERITIES, (severity) => failed.filter((result) => result.severity === severity)),
  };
}

function count<const T extends string>(keys: readonly T[], found: (key: T) => readonly unknown[]): Record<T, number> {
  return Object.fromEntries(keys.map((key) => [key, found(key).length])) as Record<T, number>;
}

/** Severities of the failed checks: `1 critical, 2 low`; empty if none failed. */
export function severitiesOf({ failedBySeverity }: Summary): string {
  const present = SEVERITIES.filter((severity) => failedBySeverity[severity] > 0);
  return present.map((severity) => `${failedBySeverity[severity]} ${severity}`).join(', ');
}

/** Whether the endpoint is safe, in a short sentence without a full stop. */
export function assessmentOf({ verdicts, failedBySeverity }: Summary): string {
  if (failedBySeverity.critical + failedBySeverity.high > 0) return 'This endpoint is not safe';
  if (verdicts.failed > 0) return 'This endpoint has weaknesses';
  if (verdicts.passed === 0) return 'This probe proves nothing';
  return verdicts.inconclusive > 0 ? 'No check failed, but some are inconclusive' : 'No vulnerability was found';
}

/** The title of a check: what is wrong if it failed, else the property that is checked. */
export function titleOf({ verdict, title, failedTitle }: CheckResult): string {
  return verdict === 'failed' ? `${failedTitle}.` : title;
}

/** The conclusion in one line: `2 of 24 checks failed`. */
export function conclusionOf({ results }: ProbeReport, { verdicts }: Summary): string {
  const all = `${results.length} ${results.length === 1 ? 'check' : 'checks'}`;
  if (verdicts.failed > 0) return `${verdicts.failed} of ${all} failed`;
  if (verdicts.passed === results.length && verdicts.passed > 0) return `All ${all} passed`;
  return `None of ${all} failed, ${verdicts.passed} passed`;
}

/** Checks with a verdict, the gravest first. */
export function checksOf({ results }: ProbeReport, verdict: Verdict): readonly CheckResult[] {
  const found = results.filter((result) => result.verdict === verdict);
  return found.toSorted((one, other) => SEVERITIES.indexOf(one.severity) - SEVERITIES.indexOf(other.severity));
}

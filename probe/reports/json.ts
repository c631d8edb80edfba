import { printableJson } from '../../cli/printable.ts';
import type { CheckResult, Exchange, ProbeReport, Severity, Verdict } from '../probe-report.ts';
import { summaryOf } from './summary.ts';

/**
 * The JSON report. `schema_version` changes only if a member is removed or changes its meaning, not if one is added.
 */
export interface JsonReport {
  readonly schema_version: 1;
  readonly tool: { readonly name: 'webhook-inbox probe'; readonly version: string };
  /** Without query string. */
  readonly url: string;
  /** The assumed scheme: a provider's name, or the signature's description. */
  readonly signature: string;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly duration_ms: number;
  /** Number of requests that were sent. */
  readonly requests: number;
  readonly summary: {
    readonly verdicts: Readonly<Record<Verdict, number>>;
    readonly failed_by_severity: Readonly<Record<Severity, number>>;
  };
  /** Every check, in the order of execution. */
  readonly checks: readonly JsonCheck[];
}

interface JsonCheck {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  readonly detail: string;
  readonly why: string;
  readonly fix: string;
  readonly exchanges: readonly JsonExchange[];
}

interface JsonExchange {
  readonly what: string;
  /** The request. */
  readonly sent: string;
  /** The response. */
  readonly came: string;
  /** Null if there was no response. */
  readonly status: number | null;
  readonly duration_ms: number;
}

/** Formats a report as JSON, for programs: see {@link JsonReport}. Strings have their original values. */
export function toJson(report: ProbeReport): string {
  const { verdicts, failedBySeverity } = summaryOf(report);
  return printableJson({
    schema_version: 1,
    tool: { name: 'webhook-inbox probe', version: report.version },
    url: report.url,
    signature: report.signature,
    started_at: report.startedAt,
    duration_ms: report.milliseconds,
    requests: report.requests,
    summary: { verdicts, failed_by_severity: failedBySeverity },
    checks: report.results.map(toCheck),
  } satisfies JsonReport);
}

function toCheck({ id, title, severity, verdict, detail, why, fix, exchanges }: CheckResult): JsonCheck {
  return { id, title, severity, verdict, detail, why, fix, exchanges: exchanges.map(toExchange) };
}

function toExchange({ what, request, response, status, milliseconds }: Exchange): JsonExchange {
  return { what, sent: request, came: response, status: status ?? null, duration_ms: milliseconds };
}

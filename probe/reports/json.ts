import type { CheckResult, Exchange, ProbeReport, Severity, Verdict } from '../probe-report.ts';
import { printableJson } from './printable.ts';
import { summaryOf } from './summary.ts';

/**
 * The JSON report. Members may be added under the same `schema_version`; one that goes, or changes its
 * meaning, makes it a new one.
 */
export interface JsonReport {
  readonly schema_version: 1;
  readonly tool: { readonly name: 'webhook-inbox probe'; readonly version: string };
  /** Without query string. */
  readonly url: string;
  /** How the endpoint was taken to sign. */
  readonly signature: string;
  /** ISO 8601, UTC. */
  readonly started_at: string;
  readonly duration_ms: number;
  /** How many were sent in all. */
  readonly requests: number;
  readonly summary: {
    readonly verdicts: Readonly<Record<Verdict, number>>;
    readonly failed_by_severity: Readonly<Record<Severity, number>>;
  };
  /** All of them, in the order of the report. */
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
  readonly sent: string;
  readonly came: string;
  /** Null where no answer came. */
  readonly status: number | null;
  readonly duration_ms: number;
}

/** A report as JSON, for programs: see {@link JsonReport}. Texts are exactly what was seen. */
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

function toExchange({ what, sent, came, status, milliseconds }: Exchange): JsonExchange {
  return { what, sent, came, status: status ?? null, duration_ms: milliseconds };
}

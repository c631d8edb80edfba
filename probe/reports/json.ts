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
  /** Name of the source; null if it is unknown. */
  readonly source: string | null;
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
  /** What is wrong if the check fails. */
  readonly failed_title: string;
  readonly severity: Severity;
  readonly verdict: Verdict;
  readonly detail: string;
  readonly why: string;
  readonly fix: string;
  readonly exchanges: readonly JsonExchange[];
}

interface JsonExchange {
  readonly what: string;
  readonly request: string;
  readonly response: string;
  /** The response that the check wants; null if it wants none in particular. */
  readonly expected: string | null;
  /** Verdict on this response; null if the check judges it together with others. */
  readonly verdict: Verdict | null;
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
    source: report.source ?? null,
    signature: report.signature,
    started_at: report.startedAt,
    duration_ms: report.milliseconds,
    requests: report.requests,
    summary: { verdicts, failed_by_severity: failedBySeverity },
    checks: report.results.map(toCheck),
  } satisfies JsonReport);
}

function toCheck({ failedTitle, exchanges, ...result }: CheckResult): JsonCheck {
  const { id, title, ...rest } = result;
  return { id, title, failed_title: failedTitle, ...rest, exchanges: exchanges.map(toExchange) };
}

function toExchange(exchange: Exchange): JsonExchange {
  const { what, request, response, expected = null, verdict = null, status = null, milliseconds } = exchange;
  return { what, request, response, expected, verdict, status, duration_ms: milliseconds };
}

/** How bad it is when a check fails: `critical` lets strangers in or loses events, `low` is untidy. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** How bad it is when a check fails. */
export type Severity = (typeof SEVERITIES)[number];

/** What a check is: fixed words, whatever it meets. */
export interface CheckDescription {
  /** Stable, in lower case with hyphens: `tampered-body`. */
  readonly id: string;
  /** What holds where the check passes, in a short sentence: `A body that was changed is refused.` */
  readonly title: string;
  readonly severity: Severity;
  /** Why it matters, in a sentence or two. */
  readonly why: string;
  /** How to mend it, in a sentence or two. */
  readonly fix: string;
}

/**
 * What came of a check.
 * - `passed`, `failed`: what was seen decides it
 * - `inconclusive`: what was seen does not tell; `detail` says why
 * - `skipped`: not made; `detail` says what it would need
 */
export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'skipped';

/** One request of a check, and its answer; it holds no secret and no valid signature. */
export interface Exchange {
  /** What was special about it: `signature of another key`. */
  readonly what: string;
  /** Method, path and headers as sent, values of signatures cut short; then the beginning of the body. */
  readonly sent: string;
  /** Status, headers and the beginning of the body; or how the connection ended. */
  readonly came: string;
  /** Undefined where no answer came. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

/** A check, and what came of it. */
export interface CheckResult extends CheckDescription {
  readonly verdict: Verdict;
  /** What was seen, in a sentence: `Answered 200 to a body that was changed after it was signed.` */
  readonly detail: string;
  /** In the order they were sent; of many alike, the telling ones. */
  readonly exchanges: readonly Exchange[];
}

/** What a probe of an endpoint found. */
export interface ProbeReport {
  /** Of the tool, as package.json has it. */
  readonly version: string;
  /** Without query string. */
  readonly url: string;
  /** How the endpoint was taken to sign: a provider's name, or the signature's description. */
  readonly signature: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly milliseconds: number;
  /** How many requests were sent in all. */
  readonly requests: number;
  /** Every check there is, in the order of its family. */
  readonly results: readonly CheckResult[];
}

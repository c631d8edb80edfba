/** Severities of a failed check, the gravest first: `critical` admits forged events or loses genuine ones. */
export const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

/** Severity of a failed check. */
export type Severity = (typeof SEVERITIES)[number];

/** Description of a check, the same for every endpoint. */
export interface CheckDescription {
  /** Stable, in lower case with hyphens: `tampered-body`. */
  readonly id: string;
  /** The property that is checked, in a short sentence: `A body that was changed is refused.` */
  readonly title: string;
  /** What is wrong if the check fails, without a full stop: `A changed body is accepted`. */
  readonly failedTitle: string;
  readonly severity: Severity;
  /** Why it matters, in a sentence or two. */
  readonly why: string;
  /** How to fix it, in a sentence or two. */
  readonly fix: string;
}

/**
 * Verdict on a check.
 * - `passed`, `failed`: the responses prove that the property holds, or that it does not
 * - `inconclusive`: the responses prove neither; `detail` says why
 * - `skipped`: the check was not made; `detail` says what it needs
 */
export type Verdict = 'passed' | 'failed' | 'inconclusive' | 'skipped';

/** A part of a request, compared with the genuine request that it was changed from. */
export interface Fragment {
  readonly text: string;
  /** Whether only the request has it (`added`), or only the genuine one (`removed`). @default - both have it */
  readonly change?: 'added' | 'removed';
}

/** A request as a command for a shell. */
export interface CurlCommand {
  /** In printable ASCII and line feeds. It contains the whole signature, but never a secret. Undefined if there is none. */
  readonly text: string | undefined;
  /** What the command needs, or why there is none, in a sentence. @default - it needs nothing */
  readonly note?: string | undefined;
}

/** A request of a check and its response, without secrets and, but for the command, without valid signatures. */
export interface Exchange {
  /** What is special about the request: `a signature made with another key`. */
  readonly what: string;
  /** Method, path and headers, with truncated signatures; then the beginning of the body. */
  readonly request: string;
  /** The request with what was changed; undefined if it was not changed from a genuine one. */
  readonly comparison: readonly Fragment[] | undefined;
  readonly command: CurlCommand;
  /** The response that the check wants, in a sentence; undefined if it wants none in particular. */
  readonly expected: string | undefined;
  /** Verdict on this response alone; undefined if the check judges it together with others. */
  readonly verdict: Verdict | undefined;
  /** Status, headers and the beginning of the body; or how the connection ended. */
  readonly response: string;
  /** Undefined if there was no response. */
  readonly status: number | undefined;
  readonly milliseconds: number;
}

/** A check and its result. */
export interface CheckResult extends CheckDescription {
  readonly verdict: Verdict;
  /** The observation behind the verdict: `The response to a body with one changed character was 200.` */
  readonly detail: string;
  /** In the order of sending; of many requests, the first ones. */
  readonly exchanges: readonly Exchange[];
}

/** The report of a probe. */
export interface ProbeReport {
  /** Version of webhook-inbox. */
  readonly version: string;
  /** Without query string. */
  readonly url: string;
  /** Name of the source, from the URL or the command line; undefined if it is unknown. */
  readonly source: string | undefined;
  /** The assumed scheme: a provider's name, or the signature's description. */
  readonly signature: string;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly milliseconds: number;
  /** Number of requests that were sent. */
  readonly requests: number;
  /** Every check, in the order of execution. */
  readonly results: readonly CheckResult[];
}

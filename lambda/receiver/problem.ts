import type { Issue } from '../providers/provider.ts';

/**
 * Every error that a caller can be given, by its code: the status, and the words.
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export const PROBLEMS = {
  malformed_body: { status: 400, title: 'The body is not well-formed UTF-8 in the format that its content type says.' },
  invalid_signature: { status: 401, title: 'The signature is missing or does not verify.' },
  not_found: { status: 404, title: 'There is no such webhook endpoint.' },
  event_id_conflict: { status: 409, title: 'An event with this id and another payload is stored already.' },
  payload_too_large: { status: 413, title: 'The body is larger than this endpoint accepts.' },
  unsupported_media_type: { status: 415, title: 'This endpoint does not accept the content type.' },
  invalid_event: { status: 422, title: 'The event does not match the schema.' },
  internal_error: { status: 500, title: 'Something went wrong on our side.' },
  temporarily_unavailable: { status: 503, title: 'The event could not be stored now; send it again later.' },
} as const;

/** The code of an error. */
export type ProblemCode = keyof typeof PROBLEMS;

/** An error response's body, in the order of its keys. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly request_id: string;
  readonly errors?: readonly Issue[];
}

/**
 * Builds the problem details of an error response, `application/problem+json`.
 * @param issues what is wrong with the event
 * @see https://www.rfc-editor.org/rfc/rfc9457
 */
export function problemDocument(code: ProblemCode, requestId: string, issues?: readonly Issue[]): ProblemDocument {
  const { title, status } = PROBLEMS[code];
  const document = { type: `urn:webhook-inbox:problem:${code}`, title, status, code, request_id: requestId };
  return issues ? { ...document, errors: issues } : document;
}

/** What to say of a problem beyond its code. */
export interface ProblemOptions {
  /** What exactly it was; for the operator's log, never for the caller. */
  readonly reason?: string;
  /** What caused it; for the operator's log. */
  readonly cause?: unknown;
  /** What is wrong with the event, for the caller. */
  readonly issues?: readonly Issue[];
}

/** Refuses a delivery. The one error that the receiver throws on purpose. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly reason: string | undefined;
  readonly issues: readonly Issue[] | undefined;

  constructor(code: ProblemCode, { reason, cause, issues }: ProblemOptions = {}) {
    // A refusal is expected: where it was thrown says nothing, and finding out takes as long as an HMAC.
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0;
    super(code, { cause });
    Error.stackTraceLimit = stackTraceLimit;
    this.name = 'Problem';
    this.code = code;
    this.reason = reason;
    this.issues = issues;
  }
}

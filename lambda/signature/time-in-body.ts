import { jsonValue } from './json-body.ts';
import { type JsonPath, valueAt } from './json-pointer.ts';
import type { SignatureScheme, Verdict } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import { type SignedTime, validateTime } from './signed-time.ts';

/** A signed transmission time in the body, as a number. */
export interface TimeInBody extends SignedTime {
  /** The path of the value in the JSON. */
  readonly path: JsonPath;
  /** Whether the value may be text. @default false */
  readonly acceptsText?: boolean;
}

/**
 * Adds a signed time in the body to a scheme. The body is parsed only after its signature is verified. A synchronous scheme
 * stays synchronous, so that it can be tried at synthesis.
 */
export function withTimeInBody(scheme: SignatureScheme, time: TimeInBody): SignatureScheme {
  return {
    ...scheme,
    toleranceSeconds: time.toleranceSeconds,
    verify(request, verification) {
      const withTime = (verdict: Verdict) =>
        verdict === 'valid' ? (validateTime(timeOf(request, time), time, verification.now) ?? 'valid') : verdict;
      const verdict = scheme.verify(request, verification);
      return verdict instanceof Promise ? verdict.then(withTime) : withTime(verdict);
    },
  };
}

function timeOf({ body }: SignedRequest, { path, acceptsText = false }: TimeInBody): string {
  const value = valueAt(jsonValue(body), path);
  return typeof value === 'number' || (acceptsText && typeof value === 'string') ? String(value) : '';
}

import { jsonObject } from './json-body.ts';
import type { SignatureScheme } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import { type SignedTime, validateTime } from './signed-time.ts';

/** A signed transmission time in the body, as a number. */
export interface TimeInBody extends SignedTime {
  /** The field of the JSON object. */
  readonly field: string;
}

/** Adds a signed time in the body to a scheme. The body is parsed only after its signature is verified. */
export function withTimeInBody(scheme: SignatureScheme, time: TimeInBody): SignatureScheme {
  return {
    ...scheme,
    toleranceSeconds: time.toleranceSeconds,
    async verify(request, verification) {
      const verdict = await scheme.verify(request, verification);
      return verdict === 'valid' ? (validateTime(timeOf(request, time), time, verification.now) ?? 'valid') : verdict;
    },
  };
}

function timeOf({ body }: SignedRequest, { field }: TimeInBody): string {
  const value = jsonObject(body)?.[field];
  return typeof value === 'number' ? String(value) : '';
}

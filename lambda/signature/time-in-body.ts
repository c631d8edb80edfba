import { jsonObject } from './json-body.ts';
import type { SignatureScheme } from './scheme.ts';
import type { SignedRequest } from './signed-request.ts';
import { checkTime, type SignedTime } from './signed-time.ts';

/** A signed time that stands in the body, as a number. */
export interface TimeInBody extends SignedTime {
  /** The field of the JSON object. */
  readonly field: string;
}

/** A scheme whose signed time stands in the body: the body is parsed only after its signature holds. */
export function withTimeInBody(scheme: SignatureScheme, time: TimeInBody): SignatureScheme {
  return {
    ...scheme,
    async verify(request, verification) {
      const verdict = await scheme.verify(request, verification);
      return verdict === 'valid' ? (checkTime(timeOf(request, time), time, verification.now) ?? 'valid') : verdict;
    },
  };
}

function timeOf({ body }: SignedRequest, { field }: TimeInBody): string {
  const value = jsonObject(body)?.[field];
  return typeof value === 'number' ? String(value) : '';
}

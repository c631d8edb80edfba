import type { Carrier } from './carrier.ts';
import { jsonValue } from './json-body.ts';
import { type JsonPath, valueAt, withValueAt } from './json-pointer.ts';

/** The places of a claim in the JSON that it arrives with. */
export interface ClaimPaths {
  readonly signature: JsonPath;
  /** @default - no signed time */
  readonly timestamp?: JsonPath | undefined;
  /** @default - no signed id */
  readonly id?: JsonPath | undefined;
}

/**
 * A signature in the body. The body is parsed to find it, so the signature can cover nothing else of the body than the
 * values of the claim. A value is text or a number, and is signed as text.
 */
export function atPointers({ signature, timestamp, id }: ClaimPaths): Carrier {
  return {
    read({ body }) {
      const content = jsonValue(body);
      if (valueAt(content, signature) === undefined) return 'missing';
      const sent = textAt(content, signature);
      const time = timestamp && textAt(content, timestamp);
      const sentId = id && textAt(content, id);
      const isMalformed = sent === undefined || (timestamp && time === undefined) || (id && sentId === undefined);
      if (isMalformed) return 'malformed';
      return { signatures: [sent], timestamp: time, ...(sentId !== undefined && { id: sentId }) };
    },
    write(request, claim) {
      const signed = withValueAt(jsonValue(request.body), signature, claim.signatures.join(''));
      const timed = timestamp ? withValueAt(signed, timestamp, claim.timestamp) : signed;
      const content = id && claim.id !== undefined ? withValueAt(timed, id, claim.id) : timed;
      return { ...request, body: Buffer.from(JSON.stringify(content)) };
    },
  };
}

/** More characters than any header of a provider has. */
const MAX_LENGTH = 4_096;

function textAt(content: unknown, path: JsonPath): string | undefined {
  const value = valueAt(content, path);
  const isText = typeof value === 'string' || Number.isSafeInteger(value);
  const text = isText ? String(value) : undefined;
  return text !== undefined && text.length <= MAX_LENGTH ? text : undefined;
}

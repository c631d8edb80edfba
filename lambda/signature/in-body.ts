import { randomBytes } from 'node:crypto';
import type { Carrier } from './carrier.ts';
import { isJsonObject, jsonObject } from './json-body.ts';
import type { SignedRequest } from './signed-request.ts';

/** The length is fixed, because no separator is signed: otherwise a digit could move between the token and the time. */
const TOKEN = /^[0-9A-Za-z]{50}$/;

/**
 * A signature in the body that it arrives with, as an object of `timestamp`, `token` (the id of the claim) and
 * `signature`. The body is parsed to find it, so the signature can cover nothing else of the body.
 * @param field the field of the JSON that holds the object
 */
export function inBody(field: string): Carrier {
  return {
    read({ body }) {
      const given = jsonObject(body)?.[field];
      if (given === undefined) return 'missing';
      if (!isJsonObject(given)) return 'malformed';
      const { token, signature } = given;
      const timestamp = toText(given.timestamp);
      if (timestamp === undefined || typeof token !== 'string' || typeof signature !== 'string') return 'malformed';
      return TOKEN.test(token) ? { signatures: [signature], timestamp, id: token } : 'malformed';
    },
    write(request, { signatures, timestamp, id = tokenOf(request, field) ?? randomBytes(25).toString('hex') }) {
      const signature = { timestamp, token: id, signature: signatures.join('') };
      return { ...request, body: Buffer.from(JSON.stringify({ ...jsonObject(request.body), [field]: signature })) };
    },
  };
}

/** The token that a body has already: a retry repeats it. */
function tokenOf({ body }: SignedRequest, field: string): string | undefined {
  const given = jsonObject(body)?.[field];
  const token = isJsonObject(given) ? given.token : undefined;
  return typeof token === 'string' && TOKEN.test(token) ? token : undefined;
}

/** The timestamp is sent as text or as a number, and signed as text. */
function toText(timestamp: unknown): string | undefined {
  const isText = typeof timestamp === 'string' || Number.isSafeInteger(timestamp);
  return isText ? String(timestamp) : undefined;
}

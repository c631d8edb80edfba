import { randomBytes } from 'node:crypto';
import type { Carrier } from './carrier.ts';
import { isJsonObject, jsonObject } from './json-body.ts';

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
      const { timestamp, token, signature } = given;
      if (typeof timestamp !== 'string' || typeof token !== 'string' || typeof signature !== 'string')
        return 'malformed';
      return TOKEN.test(token) ? { signatures: [signature], timestamp, id: token } : 'malformed';
    },
    write(request, { signatures, timestamp, id = randomBytes(25).toString('hex') }) {
      const signature = { timestamp, token: id, signature: signatures.join('') };
      return { ...request, body: Buffer.from(JSON.stringify({ ...jsonObject(request.body), [field]: signature })) };
    },
  };
}

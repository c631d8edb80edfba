import { randomBytes } from 'node:crypto';
import type { Carrier } from './carrier.ts';
import { isJsonObject, jsonObject } from './json-body.ts';

/** Of one length, so that no digit can wander between it and the timestamp that it is signed together with. */
const TOKEN = /^[0-9A-Za-z]{50}$/;

/**
 * A signature that travels in the body it comes with, as an object of `timestamp`, `token` (the claim's id) and
 * `signature`. The body has to be parsed to find it, so nothing of the body is covered by it.
 * @param field where that object stands in the JSON
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

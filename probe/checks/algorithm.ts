import { createHash, createHmac } from 'node:crypto';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Digest } from '../digest.ts';
import type { Prober } from '../prober.ts';
import { type Check, digest } from './check.ts';
import { refused, sendAll } from './judge.ts';

const weakAlgorithm: Check = {
  id: 'weak-algorithm',
  title: 'No weaker algorithm than the agreed one is accepted, and none without a key.',
  severity: 'critical',
  why: 'Where the request names the algorithm, a forger picks one that is broken, or one that takes no key at all.',
  fix: 'Fix the algorithm in the code or the configuration, and refuse every other prefix.',
  requests: 8,
  needs: [digest],
  run(prober) {
    const request = prober.genuine();
    const found = prober.digestOf(request);
    const values = found
      ? [...named(found), ...(isOverBody(prober, request, found) ? computed(prober, request, found) : [])]
      : [];
    const header = prober.signatureHeader ?? '';
    const cases = values.map(([what, value]) => ({
      what,
      request: { ...request, headers: new Map([...request.headers, [header, [value]]]) },
    }));
    return sendAll(prober, refused, cases);
  },
};

type Claim = readonly [what: string, value: string];

const AGREED = /sha(1|256|512)/;

function named({ before, text }: Digest): Claim[] {
  const withoutPrefix: Claim[] = /^\w+=$/.test(before) ? [['a signature that names no algorithm', text]] : [];
  return [
    ['the algorithm "none"', 'none'],
    ['the algorithm "none" with an empty signature', 'none='],
    ...withoutPrefix,
  ];
}

/** Whether the signature is an HMAC of the body alone: only then can another be computed in its place. */
function isOverBody({ key }: Prober, { body }: SignedRequest, { text, encoding }: Digest): boolean {
  return ['sha1', 'sha256', 'sha512'].some((hash) => createHmac(hash, key).update(body).digest(encoding) === text);
}

function computed({ key }: Prober, { body }: SignedRequest, { before, text, encoding }: Digest): Claim[] {
  const plain = (hash: string) => createHash(hash).update(body).digest(encoding);
  const keyed = (hash: string) => createHmac(hash, key).update(body).digest(encoding);
  const as = (hash: string) => before.replace(AGREED, hash);
  const claims: Claim[] = [
    ['a hash of the body, made without a key', before + plain('sha256')],
    ['a hash with SHA-1 of the body, made without a key', as('sha1') + plain('sha1')],
    ['an HMAC with SHA-1', as('sha1') + keyed('sha1')],
    ['an HMAC with MD5', as('md5') + keyed('md5')],
    ['an HMAC with MD5 that claims to be the agreed one', before + keyed('md5')],
  ];
  return claims.filter(([, value]) => value !== before + text);
}

export const algorithmChecks: readonly Check[] = [weakAlgorithm];

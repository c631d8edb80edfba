import { createHash, createHmac } from 'node:crypto';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import type { Digest } from '../digest.ts';
import type { Prober } from '../prober.ts';
import { type Check, digest } from './check.ts';
import { mustRefuse, sendAll } from './judge.ts';

const weakAlgorithm: Check = {
  id: 'weak-algorithm',
  title: 'A signature with a weaker algorithm, or without a key, is refused.',
  failedTitle: 'Weak or keyless signatures are accepted',
  errorTitle: 'A signature with another algorithm causes a server error',
  severity: 'critical',
  why: 'If the request chooses the algorithm, a forger picks a broken one, or one that needs no key.',
  fix: 'Set the algorithm in the code or the configuration, and refuse every other prefix.',
  requests: 8,
  needs: [digest],
  run(prober) {
    const request = prober.genuine();
    const header = prober.signatureHeader ?? '';
    const cases = signaturesFor(prober, request).map(([what, value]) => ({
      what,
      request: { ...request, headers: new Map([...request.headers, [header, [value]]]) },
    }));
    return sendAll(prober, mustRefuse, cases, request);
  },
};

type WeakSignature = readonly [what: string, value: string];

const ALGORITHM = /sha(1|256|512)/;

function signaturesFor(prober: Prober, request: SignedRequest): WeakSignature[] {
  const found = prober.digestOf(request);
  if (!found) return [];
  return [...relabelled(found), ...(isOverBody(prober, request, found) ? recomputed(prober, request, found) : [])];
}

function relabelled({ before, text }: Digest): WeakSignature[] {
  const withoutPrefix: WeakSignature[] = /^\w+=$/.test(before) ? [['a signature without an algorithm', text]] : [];
  return [
    ['the algorithm "none"', 'none'],
    ['the algorithm "none" with an empty signature', 'none='],
    ...withoutPrefix,
  ];
}

/** Whether the signature is an HMAC of the body alone: only then can another algorithm sign the same content. */
function isOverBody({ key }: Prober, { body }: SignedRequest, { text, encoding }: Digest): boolean {
  return ['sha1', 'sha256', 'sha512'].some((hash) => createHmac(hash, key).update(body).digest(encoding) === text);
}

function recomputed({ key }: Prober, { body }: SignedRequest, { before, text, encoding }: Digest): WeakSignature[] {
  const plain = (hash: string) => createHash(hash).update(body).digest(encoding);
  const keyed = (hash: string) => createHmac(hash, key).update(body).digest(encoding);
  const as = (hash: string) => before.replace(ALGORITHM, hash);
  const signatures: WeakSignature[] = [
    ['a SHA-256 hash of the body without a key', before + plain('sha256')],
    ['a SHA-1 hash of the body without a key', as('sha1') + plain('sha1')],
    ['an HMAC with SHA-1', as('sha1') + keyed('sha1')],
    ['an HMAC with MD5', as('md5') + keyed('md5')],
    ['an HMAC with MD5 under the name of the expected algorithm', before + keyed('md5')],
  ];
  return signatures.filter(([, value]) => value !== before + text);
}

export const algorithmChecks: readonly Check[] = [weakAlgorithm];

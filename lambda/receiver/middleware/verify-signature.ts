import type { Secrets } from '../../secrets/cached-secrets.ts';
import type { PreviousSecret, SecretResult, SigningSecret } from '../../secrets/signing-secret.ts';
import type { Certificates } from '../../signature/certificates.ts';
import type { Fetch } from '../../signature/download.ts';
import { hasSecret, type Verdict } from '../../signature/scheme.ts';
import type { Middleware } from '../chain.ts';
import { type Received, type Routed, signedRequest, type Verified, type WithBody } from '../delivery.ts';
import { Problem } from '../problem.ts';

/**
 * Checks the signature over the raw bytes, before anything reads them: with the current secret, then with the previous
 * one. If neither matches, the secret may have been rotated, so the check is repeated with the secret as it is now.
 * Rejected deliveries get 401. They get 503 if there is no secret, if the source waits for the handshake that hands it out,
 * or if it was not read within the last 2 seconds and cannot be read now: a retry of a genuine delivery then succeeds.
 */
export function verifySignature(secrets: Secrets, published: Published): Middleware<Signed, Verified> {
  return {
    async before(delivery) {
      const { name } = delivery.source;
      const cached = needsSecret(delivery) ? keysOf(await secrets.get(name, delivery.deadline)) : { current: '' };
      let { verdict, usedPrevious } = await checkWith(cached, delivery, published);
      if (verdict === 'mismatch' && needsSecret(delivery)) {
        const latest = keysOf(await secrets.refresh(name, delivery.deadline));
        if (latest !== cached) ({ verdict, usedPrevious } = await checkWith(latest, delivery, published));
      }
      if (verdict !== 'valid') throw refusal(verdict);
      return { usedPreviousSecret: usedPrevious };
    },
  };
}

/** How what a provider publishes is read. */
export interface Published {
  readonly certificates: Certificates;
  /** For the public keys of a provider. */
  readonly fetch: Fetch;
}

/** A delivery that has all that a signature can cover. */
type Signed = Received & Routed & WithBody;

/** What a signature may verify with. */
interface Keys {
  /** Undefined while the source waits for the handshake that hands out its secret. */
  readonly current?: string;
  readonly previous?: PreviousSecret;
}

interface Check {
  readonly verdict: Verdict | 'secret_awaits_handshake';
  readonly usedPrevious: boolean;
}

const needsSecret = ({ source }: Routed) => hasSecret(source.provider.signature);

/**
 * The secret of the delivery's source; an empty one if its provider needs none.
 * @throws {Problem} if there is no secret, or it cannot be read
 */
export async function currentSecret(secrets: Secrets, delivery: Received & Routed): Promise<SigningSecret> {
  if (!needsSecret(delivery)) return { current: '' };
  return secretOf(await secrets.get(delivery.source.name, delivery.deadline));
}

function secretOf(result: SecretResult): SigningSecret {
  if ('secret' in result) return result.secret;
  throw new Problem('temporarily_unavailable', result.unavailable);
}

/** While a source waits for its handshake, the secret before it is still accepted. */
function keysOf(result: SecretResult): Keys {
  if ('unavailable' in result && result.unavailable.previous) return { previous: result.unavailable.previous };
  return secretOf(result);
}

const OURS: ReadonlySet<Check['verdict']> = new Set([
  'unusable_secret',
  'certificate_unavailable',
  'secret_awaits_handshake',
]);

/** A fault on this side is a 503: the provider retries, and nothing is lost. */
function refusal(verdict: Check['verdict']): Problem {
  const isOurs = OURS.has(verdict);
  return new Problem(isOurs ? 'temporarily_unavailable' : 'invalid_signature', { reason: verdict });
}

async function checkWith({ current, previous }: Keys, delivery: Signed, published: Published): Promise<Check> {
  const verdict = current === undefined ? 'secret_awaits_handshake' : await verify(current, delivery, published);
  const isWorthTrying = verdict !== 'valid' && previous && delivery.receivedAt < previous.acceptedUntil;
  if (!isWorthTrying) return { verdict, usedPrevious: false };
  const withPrevious = await verify(previous.value, delivery, published);
  return withPrevious === 'valid' ? { verdict: 'valid', usedPrevious: true } : { verdict, usedPrevious: false };
}

function verify(secret: string, delivery: Signed, published: Published): Verdict | Promise<Verdict> {
  const { source, receivedAt } = delivery;
  const verification = { secret, now: receivedAt, settings: source.settings, ...published };
  return source.provider.signature.verify(signedRequest(delivery), verification);
}

import type { Secrets } from '../secrets/cached-secrets.ts';
import type { SecretResult, SigningSecret } from '../secrets/signing-secret.ts';
import type { Verdict } from '../signature/scheme.ts';
import type { Delivery, DeliveryMiddleware } from './delivery.ts';
import { Problem } from './problem.ts';

/**
 * Checks the signature over the raw bytes, before anything reads them: with the current secret, then with the previous
 * one, then with the current one read anew in case it was rotated. 401 otherwise; 503 where there is no secret.
 */
export function verifySignature(secrets: Secrets): DeliveryMiddleware {
  return {
    async before({ event: delivery }) {
      const { source, deadline } = delivery;
      let check = await checkWith(secretOf(await secrets.get(source.name, deadline)), delivery);
      const renewed = check.verdict === 'mismatch' && (await secrets.refresh(source.name, deadline));
      if (renewed) check = await checkWith(secretOf(renewed), delivery);
      if (check.verdict !== 'valid') throw new Problem('invalid_signature', { reason: check.verdict });
      delivery.usedPreviousSecret = check.usedPrevious;
    },
  };
}

interface Check {
  readonly verdict: Verdict;
  readonly usedPrevious: boolean;
}

function secretOf(result: SecretResult): SigningSecret {
  if ('secret' in result) return result.secret;
  throw new Problem('temporarily_unavailable', result.unavailable);
}

async function checkWith({ current, previous }: SigningSecret, delivery: Delivery): Promise<Check> {
  const verdict = await verify(current, delivery);
  const isWorthTrying = verdict === 'mismatch' && previous && delivery.receivedAt < previous.acceptedUntil;
  return isWorthTrying
    ? { verdict: await verify(previous.value, delivery), usedPrevious: true }
    : { verdict, usedPrevious: false };
}

function verify(secret: string, { source, method, headers, body, receivedAt }: Delivery): Verdict | Promise<Verdict> {
  const request = { method, url: '', headers, body };
  return source.provider.signature.verify(request, { secret, now: receivedAt });
}

import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Handshake, HandshakeRequest, HandshakeResponse } from '../../providers/handshake.ts';
import type { Secrets } from '../../secrets/cached-secrets.ts';
import type { Delivery, DeliveryMiddleware } from '../delivery.ts';
import { Problem } from '../problem.ts';
import { currentSecret } from './verify-signature.ts';

/**
 * Answers a provider's handshake, and ends the chain there. `unsigned` handles handshakes that the provider does not sign;
 * `signed` handles those whose signature was verified and whose body was parsed.
 */
export function answerHandshake(
  kind: 'unsigned' | 'signed',
  secrets: Secrets,
  fetch: HandshakeRequest['fetch'],
): DeliveryMiddleware {
  return {
    async before({ event: delivery }) {
      const handshake = delivery.source.provider.handshakes?.[kind];
      const answer = handshake && (await answerOf(handshake, delivery, secrets, fetch));
      if (answer === undefined) return undefined;
      if (answer === 'unavailable') throw new Problem('temporarily_unavailable', { reason: 'handshake_unanswered' });
      delivery.isHandshake = true;
      return toResult(answer);
    },
  };
}

async function answerOf(handshake: Handshake, delivery: Delivery, secrets: Secrets, fetch: HandshakeRequest['fetch']) {
  const { method, query, headers, content, source } = delivery;
  const { current: secret } = await currentSecret(secrets, delivery);
  return handshake({ method, query, headers, content, settings: source.settings, secret, fetch });
}

/** Sent as what it is, never as what a browser might make of it. */
function toResult({ status, contentType = 'text/plain', body }: HandshakeResponse): APIGatewayProxyResult {
  const headers = { 'Content-Type': contentType, 'X-Content-Type-Options': 'nosniff' };
  return { statusCode: status, headers, body };
}

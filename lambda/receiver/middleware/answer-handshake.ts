import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Greeting, GreetingAnswer, GreetingRequest } from '../../providers/handshake.ts';
import type { Secrets } from '../../secrets/cached-secrets.ts';
import type { Delivery, DeliveryMiddleware } from '../delivery.ts';
import { Problem } from '../problem.ts';
import { currentSecret } from './verify-signature.ts';

/**
 * Answers a provider that greets the endpoint before it sends events to it, and ends the chain there: with `unsigned`,
 * where the provider does not sign its greeting; with `signed`, once the signature holds and the body is parsed.
 */
export function answerGreeting(
  kind: 'unsigned' | 'signed',
  secrets: Secrets,
  fetch: GreetingRequest['fetch'],
): DeliveryMiddleware {
  return {
    async before({ event: delivery }) {
      const greet = delivery.source.provider.greetings?.[kind];
      const answer = greet && (await answerOf(greet, delivery, secrets, fetch));
      if (answer === undefined) return undefined;
      if (answer === 'unavailable') throw new Problem('temporarily_unavailable', { reason: 'greeting_unanswered' });
      delivery.greeted = true;
      return toResult(answer);
    },
  };
}

async function answerOf(greet: Greeting, delivery: Delivery, secrets: Secrets, fetch: GreetingRequest['fetch']) {
  const { method, query, headers, content, source } = delivery;
  const { current: secret } = await currentSecret(secrets, delivery);
  return greet({ method, query, headers, content, settings: source.settings, secret, fetch });
}

/** Sent as what it is, never as what a browser might make of it. */
function toResult({ status, contentType = 'text/plain', body }: GreetingAnswer): APIGatewayProxyResult {
  const headers = { 'Content-Type': contentType, 'X-Content-Type-Options': 'nosniff' };
  return { statusCode: status, headers, body };
}

import type { HandshakeRequest } from '../../providers/handshake.ts';
import type { Secrets } from '../../secrets/cached-secrets.ts';
import type { Added, Middleware } from '../chain.ts';
import type { Parsed, Received, Routed, Verified, WithBody } from '../delivery.ts';
import type { ParseResult } from '../parse-payload.ts';
import { Problem } from '../problem.ts';
import { toResult } from '../to-result.ts';
import { currentSecret } from './verify-signature.ts';

/** What answering a handshake takes. */
export interface HandshakeDependencies {
  readonly secrets: Secrets;
  /** For a handshake that asks for a request to the provider. */
  readonly fetch: HandshakeRequest['fetch'];
}

/**
 * Answers a handshake that hands out the secret of its source, and ends the chain there. The receiver does not use that
 * secret: anyone can send such a handshake. If an operator waits for one, the secret is sealed for the key of that operator.
 */
export function answerHandOut(secrets: Secrets): Middleware<Received & Routed & WithBody, object> {
  return {
    async before(delivery) {
      const { source, method, query, headers, body, deadline } = delivery;
      const { handOut } = source.provider.handshakes ?? {};
      const handedOut = handOut?.read({ method, query, headers, body, settings: source.settings });
      if (!handOut || !handedOut) return {};
      const { secret, header, response } = handedOut;
      const answered = toResult({ ...response, inboxStatus: 'handshake' });
      if (header) answered.headers = { ...answered.headers, [header]: secret };
      // The operator's key may be newer than the cached secret. A flood of handshakes is no flood of reads.
      const { handshakeKey } = await secrets.refresh(source.name, deadline);
      const sealedSecret = handshakeKey && handOut.seal(secret, handshakeKey);
      return { answered, ...(sealedSecret && { sealedSecret }) };
    },
  };
}

/** Answers a handshake that its provider does not sign, and ends the chain there. The body is not parsed. */
export function answerUnsignedHandshake(
  dependencies: HandshakeDependencies,
): Middleware<Received & Routed & WithBody, object> {
  return { before: (delivery) => answer('unsigned', delivery, undefined, dependencies) };
}

/** Answers a handshake that its provider signs, and ends the chain there. */
export function answerSignedHandshake(
  dependencies: HandshakeDependencies,
): Middleware<Received & Routed & WithBody & Verified & Parsed, object> {
  return { before: (delivery) => answer('signed', delivery, parsedBodyOf(delivery.parsed), dependencies) };
}

async function answer(
  kind: 'unsigned' | 'signed',
  delivery: Received & Routed & WithBody,
  parsedBody: unknown,
  { secrets, fetch }: HandshakeDependencies,
): Promise<Added<object>> {
  const { method, query, headers, body, source } = delivery;
  const { handshakes = {} } = source.provider;
  const handshake = handshakes[kind];
  if (!handshake) return {};
  const { current } = await currentSecret(secrets, delivery);
  // The responses of the others must not depend on it.
  const secret = handshakes.signsChallenge ? current : '';
  const { settings } = source;
  const response = await handshake({ method, query, headers, body, content: parsedBody, settings, secret, fetch });
  if (response === 'unavailable') throw new Problem('temporarily_unavailable', { reason: 'handshake_unanswered' });
  return response ? { answered: toResult({ ...response, inboxStatus: 'handshake' }) } : {};
}

function parsedBodyOf(parsed: ParseResult | undefined): unknown {
  return parsed && 'value' in parsed ? parsed.value : undefined;
}

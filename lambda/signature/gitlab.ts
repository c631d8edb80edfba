import { randomUUID } from 'node:crypto';
import { inHeaders } from './carrier.ts';
import type { SignatureScheme } from './scheme.ts';
import { signedBy } from './signed-by.ts';
import { onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';
import { standardWebhooksSignature } from './standard-webhooks.ts';
import { token } from './token.ts';

/**
 * GitLab: Standard Webhooks where the secret is a Signing token (`whsec_…`), or else the Secret token itself. The secret
 * says which one counts, never the request: else a caller could choose the weaker one.
 * @see https://docs.gitlab.com/user/project/integrations/webhooks/
 */
export function gitlabSignature(): SignatureScheme {
  const signing = standardWebhooksSignature(['webhook']);
  const plain = signedBy({ carrier: inHeaders({ signature: 'x-gitlab-token' }), algorithm: token });
  const schemeFor = (secret: string) => (secret.startsWith('whsec_') ? signing : plain);
  return {
    verify: (request, verification) => schemeFor(verification.secret).verify(request, verification),
    sign(request, given) {
      const scheme = schemeFor(given.key);
      return scheme.sign(scheme === signing ? withMessageId(request) : request, given);
    },
    generateKeys: plain.generateKeys,
  };
}

/** GitLab sends one id under both names. */
function withMessageId(request: SignedRequest): SignedRequest {
  return withHeaders(request, { 'webhook-id': onlyValue(request.headers, 'idempotency-key') ?? randomUUID() });
}

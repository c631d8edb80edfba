import { randomUUID } from 'node:crypto';
import type { SignatureScheme } from './scheme.ts';
import { onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';
import { standardWebhooksSignature } from './standard-webhooks.ts';
import { tokenInHeader } from './token-in-header.ts';

/**
 * GitLab: Standard Webhooks if the secret is a signing token (`whsec_…`), otherwise the secret token itself. The secret
 * decides which of them counts, never the request, because a caller would choose the weaker one. The facts are those of
 * the secret token, the weaker one: no part of the body is signed, and no time.
 * @see https://docs.gitlab.com/user/project/integrations/webhooks/
 */
export function gitlabSignature(): SignatureScheme {
  const signing = standardWebhooksSignature(['webhook']);
  const plain = tokenInHeader('x-gitlab-token');
  const schemeFor = (secret: string) => (secret.startsWith('whsec_') ? signing : plain);
  return {
    ...plain,
    verify: (request, verification) => schemeFor(verification.secret).verify(request, verification),
    sign(request, given) {
      const scheme = schemeFor(given.key);
      return scheme.sign(scheme === signing ? withMessageId(request) : request, given);
    },
  };
}

/** GitLab sends one id in two headers. */
function withMessageId(request: SignedRequest): SignedRequest {
  const { headers } = request;
  const id = onlyValue(headers, 'idempotency-key') ?? onlyValue(headers, 'webhook-id') ?? randomUUID();
  return withHeaders(request, { 'webhook-id': id });
}

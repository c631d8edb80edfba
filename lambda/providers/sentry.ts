import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, name, object, textOrInteger } from './fields.ts';

/**
 * Sentry's integration platform. The raw body is signed, also where the documentation serializes it again.
 * @see https://github.com/getsentry/integration-platform-example/blob/main/backend-py/src/api/middleware/verify_sentry_signature.py
 */
export const sentry = () =>
  defineProvider({
    title: 'Sentry',
    documentation: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'sentry-hook-signature' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventHeaders: ['request-id', 'sentry-hook-resource'],
    eventIdLabel: 'Request-ID',
    immutable: false,
    schema: object({
      action: ifValid(name()),
      installation: ifValid(v.object({ uuid: ifValid(name()) })),
      actor: ifValid(v.object({ type: ifValid(name()), id: ifValid(textOrInteger()) })),
      data: ifValid(v.object({ issue: ifValid(v.object({ id: ifValid(textOrInteger()) })) })),
    }),
    event: ({ action, installation, actor, data }, { headers }) => ({
      // Two events may have the same body: an issue that is resolved twice.
      id: header(headers, 'request-id'),
      type: [header(headers, 'sentry-hook-resource'), action].filter(Boolean).join('.') || undefined,
      data: {
        installation: installation?.uuid,
        issue_id: data?.issue?.id,
        actor_type: actor?.type,
        actor_id: actor?.id,
      },
    }),
  });

import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, integer, name, object } from './fields.ts';
import type { EventRequest } from './provider.ts';

/** GitHub: JSON, or forms, which its settings page offers first. The raw bytes of a form are signed. */
export const github = () =>
  defineProvider({
    title: 'GitHub',
    documentation: 'https://docs.github.com/webhooks/using-webhooks/validating-webhook-deliveries',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-hub-signature-256', prefix: 'sha256=' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
    eventHeaders: ['x-github-delivery', 'x-github-event', 'x-github-hook-id'],
    formField: { name: 'payload', isRequired: true },
    eventIdLabel: 'X-GitHub-Delivery + X-GitHub-Hook-ID',
    // A redelivery is a form or JSON, as the webhook is set by then.
    immutable: false,
    schema: object({
      action: ifValid(name()),
      repository: ifValid(v.object({ full_name: ifValid(name()) })),
      organization: ifValid(v.object({ login: ifValid(name()) })),
      sender: ifValid(v.object({ login: ifValid(name()) })),
      installation: ifValid(v.object({ id: ifValid(integer()) })),
    }),
    event: ({ action, repository, organization, sender, installation }, request) => ({
      id: deliveryId(request),
      type: [header(request.headers, 'x-github-event'), action].filter(Boolean).join('.') || undefined,
      data: {
        action,
        repository: repository?.full_name,
        organization: organization?.login,
        sender: sender?.login,
        installation_id: installation?.id,
      },
    }),
  });

/**
 * All webhooks and apps that report an event share its GUID, with different payloads. An old GitHub Enterprise Server
 * does not name the webhook; there, the payload tells them apart.
 */
function deliveryId({ headers, body }: EventRequest): string | undefined {
  const guid = header(headers, 'x-github-delivery');
  return guid && `${guid}:${header(headers, 'x-github-hook-id') ?? contentId(body)}`;
}

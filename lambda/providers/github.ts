import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { header, integer, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

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
    eventIdLabel: 'X-GitHub-Delivery',
    immutable: true,
    schema: v.object({
      action: maybe(name()),
      repository: maybe(v.object({ full_name: maybe(name()) })),
      organization: maybe(v.object({ login: maybe(name()) })),
      sender: maybe(v.object({ login: maybe(name()) })),
      installation: maybe(v.object({ id: maybe(integer()) })),
    }),
    event: ({ action, repository, organization, sender, installation }, { headers }) => ({
      id: header(headers, 'x-github-delivery'),
      type: [header(headers, 'x-github-event'), action].filter(Boolean).join('.') || undefined,
      data: {
        action,
        repository: repository?.full_name,
        organization: organization?.login,
        sender: sender?.login,
        installation_id: installation?.id,
      },
    }),
  });

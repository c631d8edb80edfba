import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { milliseconds } from '../signature/signed-time.ts';
import { withTimeInBody } from '../signature/time-in-body.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, isoTime, name, object } from './fields.ts';

/** Linear. Its signed transmission time is in the body, so the deliveries of an event have different bodies. */
export const linear = () =>
  defineProvider({
    title: 'Linear',
    documentation: 'https://linear.app/developers/webhooks',
    signature: withTimeInBody(
      signedBy({
        carrier: inHeaders({ signature: 'linear-signature' }),
        algorithm: hmac({ encoding: 'hex' }),
      }),
      { path: ['webhookTimestamp'], format: milliseconds, toleranceSeconds: 60 },
    ),
    eventHeaders: ['linear-delivery', 'linear-event'],
    eventIdLabel: 'Linear-Delivery',
    eventTime: { label: 'createdAt', isSigned: true },
    immutable: false,
    schema: object({
      action: ifValid(name()),
      type: ifValid(name()),
      createdAt: ifValid(isoTime()),
      organizationId: ifValid(name()),
      webhookId: ifValid(name()),
      actor: ifValid(v.object({ id: ifValid(name()) })),
      data: ifValid(v.object({ id: ifValid(name()) })),
    }),
    event: ({ action, type, createdAt, organizationId, webhookId, actor, data }, { headers }) => ({
      id: header(headers, 'linear-delivery'),
      type: [type ?? header(headers, 'linear-event'), action].filter(Boolean).join('.') || undefined,
      occurredAt: createdAt,
      data: {
        action,
        organization_id: organizationId,
        webhook_id: webhookId,
        actor_id: actor?.id,
        object_id: data?.id,
      },
    }),
  });

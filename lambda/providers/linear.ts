import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { milliseconds } from '../signature/signed-time.ts';
import { withTimeInBody } from '../signature/time-in-body.ts';
import { header, isoTime, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Linear: its signed time stands in the body, which therefore differs from one delivery to the next. */
export const linear = () =>
  defineProvider({
    title: 'Linear',
    documentation: 'https://linear.app/developers/webhooks',
    signature: withTimeInBody(
      signedBy({
        carrier: inHeaders({ signature: 'linear-signature' }),
        algorithm: hmac({ encoding: 'hex' }),
      }),
      { field: 'webhookTimestamp', format: milliseconds, toleranceSeconds: 60 },
    ),
    eventId: 'Linear-Delivery',
    signedTime: 'createdAt',
    immutable: false,
    schema: v.object({
      action: maybe(name()),
      type: maybe(name()),
      createdAt: maybe(isoTime()),
      organizationId: maybe(name()),
      webhookId: maybe(name()),
      actor: maybe(v.object({ id: maybe(name()) })),
      data: maybe(v.object({ id: maybe(name()) })),
    }),
    event: ({ action, type, createdAt, organizationId, webhookId, actor, data }, { headers }) => ({
      id: header(headers, 'linear-delivery'),
      type: [type ?? header(headers, 'linear-event'), action].filter(Boolean).join('.') || undefined,
      occurredAt: createdAt === undefined ? undefined : Date.parse(createdAt),
      data: {
        action,
        organization_id: organizationId,
        webhook_id: webhookId,
        actor_id: actor?.id,
        object_id: data?.id,
      },
    }),
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Settings → API → Webhooks → New webhook → URL.',
  secret: "The webhook's Signing secret, whole, with its `lin_wh_`.",
  rotation:
    'Through the API, `webhookRotateSecret`: the answer has the new secret, and the old one ends at once. Put it at ' +
    'once; what is refused in between comes again after a minute.',
  retries: 'Waits 5 s for a 200; tries again after 1 minute, 1 hour and 6 hours.',
  weaknesses: 'The delivery id is not signed: a captured request can be sent again under another id for 60 s.',
};

import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, lazily, name, object } from './fields.ts';

const batch = lazily(() => v.object({ events: v.array(v.unknown()) }));

/** GoCardless. A body holds up to 250 events. */
export const gocardless = () =>
  defineProvider({
    title: 'GoCardless',
    documentation: 'https://developer.gocardless.com/api-reference/#webhooks-signing-webhooks',
    signature: signedBy({
      carrier: inHeaders({ signature: 'webhook-signature' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    items: (content) => (v.is(batch(), content) ? content.events : undefined),
    eventIdLabel: 'id',
    eventTime: { label: 'created_at', isSigned: true },
    immutable: false,
    schema: object({
      id: name(),
      created_at: ifValid(isoTime()),
      resource_type: ifValid(name()),
      action: ifValid(name()),
      links: ifValid(
        v.object({
          organisation: ifValid(name()),
          payment: ifValid(name()),
          mandate: ifValid(name()),
          subscription: ifValid(name()),
          refund: ifValid(name()),
          payout: ifValid(name()),
        }),
      ),
    }),
    event: ({ id, created_at, resource_type, action, links }) => ({
      id,
      type: [resource_type, action].filter(Boolean).join('.') || undefined,
      occurredAt: created_at,
      data: {
        resource_type,
        action,
        organisation_id: links?.organisation,
        payment_id: links?.payment,
        mandate_id: links?.mandate,
        subscription_id: links?.subscription,
        refund_id: links?.refund,
        payout_id: links?.payout,
      },
    }),
  });

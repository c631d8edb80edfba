import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { header, isoTime, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Shopify: what a body looks like is up to its topic. */
export const shopify = () =>
  defineProvider({
    title: 'Shopify',
    documentation: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-shopify-hmac-sha256' }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventId: 'X-Shopify-Event-Id',
    immutable: true,
    schema: v.object({ admin_graphql_api_id: maybe(name()) }),
    event({ admin_graphql_api_id }, { headers }) {
      const triggeredAt = header(headers, 'x-shopify-triggered-at');
      return {
        id: header(headers, 'x-shopify-event-id') ?? header(headers, 'x-shopify-webhook-id'),
        type: header(headers, 'x-shopify-topic'),
        occurredAt: v.is(isoTime(), triggeredAt) ? Date.parse(triggeredAt) : undefined,
        data: {
          shop: header(headers, 'x-shopify-shop-domain'),
          webhook_id: header(headers, 'x-shopify-webhook-id'),
          object_id: admin_graphql_api_id,
        },
      };
    },
  });

/** For the people who set it up. */
export const guide: Guide = {
  url:
    'Apps: `uri` under `[webhooks]` in shopify.app.toml, or a webhookSubscription of the Admin API. ' +
    'Merchants: Settings → Notifications → Webhooks.',
  secret:
    "The app's Client secret; for webhooks that a merchant made, the key shown on that page. After a rotation Shopify " +
    'may sign with the old one for an hour.',
  rotation:
    'An app: make a new client secret in the Dev Dashboard → app → Settings, put it, and revoke the old one there ' +
    'once `PreviousSecretUsed` has ended, within the grace period: nothing is refused. The key of webhooks that a ' +
    'merchant made: how to change it is not documented.',
  retries: 'Waits 5 s; tries again 8 times over 4 hours, then removes a subscription that was made with the Admin API.',
  weaknesses:
    'No time is signed, and neither are the headers, which hold the event id, the topic, the shop and the time: whoever ' +
    'has captured one request can send it again under another id.',
  notes:
    'Use one source a topic and a subscription. Several topics, or several subscriptions, that tell of one action share ' +
    'its `X-Shopify-Event-Id`: within one source the second of them is refused as a conflict (409). Newer pages of ' +
    'Shopify say to deduplicate on `X-Shopify-Webhook-Id`, which stays the same over the retries of one delivery and ' +
    'differs from one subscription to another; here it counts where there is no event id, and is kept in `data`. The ' +
    '`Shopify-*` headers (without `X-`) of the Events preview are not accepted.',
};

import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { header, ifValid, isoTime, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

/** Shopify. The fields of a body depend on its topic. */
export const shopify = () =>
  defineProvider({
    title: 'Shopify',
    documentation: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-shopify-hmac-sha256' }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventIdLabel: 'X-Shopify-Event-Id',
    eventTime: { label: 'X-Shopify-Triggered-At', isSigned: false },
    immutable: true,
    schema: v.object({ admin_graphql_api_id: maybe(name()) }),
    event: ({ admin_graphql_api_id }, { headers }) => ({
      id: header(headers, 'x-shopify-event-id') ?? header(headers, 'x-shopify-webhook-id'),
      type: header(headers, 'x-shopify-topic'),
      occurredAt: v.parse(ifValid(isoTime()), header(headers, 'x-shopify-triggered-at')),
      data: {
        shop: header(headers, 'x-shopify-shop-domain'),
        webhook_id: header(headers, 'x-shopify-webhook-id'),
        object_id: admin_graphql_api_id,
      },
    }),
  });

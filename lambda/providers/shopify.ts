import { inMatchingHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import type { HeaderValues } from '../signature/signed-request.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, isoTime, name, object, valueIfValid } from './fields.ts';

/** The headers that describe a delivery. Those of the newer Events deliveries have no `x-` before them. */
const HEADERS = ['webhook-id', 'event-id', 'topic', 'shop-domain', 'triggered-at'] as const;

const described = (headers: HeaderValues, key: (typeof HEADERS)[number]) =>
  header(headers, `x-shopify-${key}`) ?? header(headers, `shopify-${key}`);

/** Shopify. The fields of a body depend on its topic. */
export const shopify = () =>
  defineProvider({
    title: 'Shopify',
    documentation: 'https://shopify.dev/docs/apps/build/webhooks/verify-deliveries',
    signature: signedBy({
      carrier: inMatchingHeaders({
        header: /^(?:x-)?shopify-hmac-sha256$/,
        written: () => 'x-shopify-hmac-sha256',
      }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventHeaders: HEADERS.flatMap((key) => [`x-shopify-${key}`, `shopify-${key}`]),
    eventIdLabel: 'X-Shopify-Webhook-Id',
    eventTime: { label: 'X-Shopify-Triggered-At', isSigned: false },
    immutable: true,
    schema: object({ admin_graphql_api_id: ifValid(name()) }),
    event: ({ admin_graphql_api_id }, { headers }) => ({
      id: deliveryId(headers),
      type: described(headers, 'topic'),
      occurredAt: valueIfValid(isoTime(), described(headers, 'triggered-at')),
      data: {
        shop: described(headers, 'shop-domain'),
        webhook_id: described(headers, 'webhook-id'),
        object_id: admin_graphql_api_id,
      },
    }),
  });

/** Several topics of one merchant action share its event id, so that id counts only together with the topic. */
function deliveryId(headers: HeaderValues): string | undefined {
  const eventId = described(headers, 'event-id');
  return described(headers, 'webhook-id') ?? (eventId && `${eventId}:${described(headers, 'topic') ?? ''}`);
}

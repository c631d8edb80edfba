import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, name, object, textOrInteger } from './fields.ts';
import type { Handshake } from './handshake.ts';

/** The form that the first save of a webhook sends. It has no signature, and must get a 200. */
const answerPing: Handshake = ({ method, body }) => {
  const isPing = method === 'POST' && body.length <= 32 && /^webhook_id=\d+$/.test(body.toString('latin1'));
  return isPing ? { status: 200, body: '' } : undefined;
};

/**
 * The webhooks of a WooCommerce store.
 * @see https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php
 */
export const woocommerce = () =>
  defineProvider({
    title: 'WooCommerce',
    documentation: 'https://woocommerce.com/document/webhooks/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-wc-webhook-signature' }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventHeaders: ['x-wc-webhook-delivery-id', 'x-wc-webhook-topic'],
    eventIdLabel: 'a hash of X-WC-Webhook-Delivery-ID and the body',
    immutable: false,
    schema: object({
      id: ifValid(textOrInteger()),
      action: ifValid(name()),
      status: ifValid(name()),
      date_modified_gmt: ifValid(name()),
    }),
    event({ id, action, status, date_modified_gmt }, { headers, body }) {
      const delivery = header(headers, 'x-wc-webhook-delivery-id');
      return {
        // All deliveries of a webhook within a second have the same delivery id.
        id: delivery && contentId(delivery, body),
        type: header(headers, 'x-wc-webhook-topic'),
        data: { delivery_id: delivery, resource_id: id, action, status, date_modified_gmt },
      };
    },
    handshakes: { unsigned: answerPing },
  });

import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, integer, isoTime, name, object, textOrInteger } from './fields.ts';

/**
 * Lemon Squeezy. Its events have no id, so what they say identifies them.
 * @see https://docs.lemonsqueezy.com/help/webhooks/webhook-requests
 */
export const lemonSqueezy = () =>
  defineProvider({
    title: 'Lemon Squeezy',
    documentation: 'https://docs.lemonsqueezy.com/help/webhooks/signing-requests',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-signature' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventIdLabel: 'a hash of the body',
    eventTime: { label: 'data.attributes.updated_at', isSigned: true },
    immutable: false,
    schema: object({
      meta: ifValid(v.object({ event_name: ifValid(name()), test_mode: ifValid(v.boolean()) })),
      data: ifValid(
        v.object({
          type: ifValid(name()),
          id: ifValid(textOrInteger()),
          attributes: ifValid(
            v.object({
              store_id: ifValid(integer()),
              customer_id: ifValid(integer()),
              status: ifValid(name()),
              updated_at: ifValid(isoTime()),
            }),
          ),
        }),
      ),
    }),
    event: ({ meta, data }, { body }) => ({
      id: contentId(body),
      type: meta?.event_name,
      occurredAt: data?.attributes?.updated_at,
      data: {
        test_mode: meta?.test_mode,
        object_type: data?.type,
        object_id: data?.id,
        store_id: data?.attributes?.store_id,
        customer_id: data?.attributes?.customer_id,
        status: data?.attributes?.status,
      },
    }),
  });

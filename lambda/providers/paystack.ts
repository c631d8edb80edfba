import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, integer, isoTime, name, object, textOrInteger } from './fields.ts';

/** Paystack. Its events have no id, so what they say identifies them. */
export const paystack = () =>
  defineProvider({
    title: 'Paystack',
    documentation: 'https://paystack.com/docs/payments/webhooks/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-paystack-signature' }),
      algorithm: hmac({ encoding: 'hex', hash: 'sha512' }),
    }),
    eventIdLabel: 'a hash of the body',
    // The other times in a body are those of the object, and not of the event.
    eventTime: { label: 'data.paid_at', isSigned: true },
    immutable: false,
    schema: object({
      event: name(),
      data: ifValid(
        v.object({
          id: ifValid(textOrInteger()),
          reference: ifValid(name()),
          status: ifValid(name()),
          amount: ifValid(integer()),
          currency: ifValid(name()),
          paid_at: ifValid(isoTime()),
        }),
      ),
    }),
    event: ({ event, data }, { body }) => ({
      id: contentId(body),
      type: event,
      occurredAt: event === 'charge.success' ? data?.paid_at : undefined,
      data: {
        object_id: data?.id,
        reference: data?.reference,
        status: data?.status,
        amount: data?.amount,
        currency: data?.currency,
      },
    }),
  });

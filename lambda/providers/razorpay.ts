import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, header, ifValid, name, object } from './fields.ts';

const entity = () => ifValid(v.object({ entity: ifValid(v.object({ id: ifValid(name()) })) }));

/** Razorpay. The id of an event is in a header, which is not signed. */
export const razorpay = () =>
  defineProvider({
    title: 'Razorpay',
    documentation: 'https://razorpay.com/docs/webhooks/validate-test/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-razorpay-signature' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventHeaders: ['x-razorpay-event-id'],
    // https://razorpay.com/docs/webhooks/best-practices/
    eventIdLabel: 'x-razorpay-event-id',
    eventTime: { label: 'created_at', isSigned: true },
    immutable: false,
    schema: object({
      event: ifValid(name()),
      account_id: ifValid(name()),
      created_at: ifValid(epochSeconds()),
      payload: ifValid(
        v.object({ payment: entity(), order: entity(), refund: entity(), subscription: entity(), invoice: entity() }),
      ),
    }),
    event: ({ event, account_id, created_at, payload }, { headers }) => ({
      id: header(headers, 'x-razorpay-event-id'),
      type: event,
      occurredAt: created_at,
      data: {
        account_id,
        payment_id: payload?.payment?.entity?.id,
        order_id: payload?.order?.entity?.id,
        refund_id: payload?.refund?.entity?.id,
        subscription_id: payload?.subscription?.entity?.id,
        invoice_id: payload?.invoice?.entity?.id,
      },
    }),
  });

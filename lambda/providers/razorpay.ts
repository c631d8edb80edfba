import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { epochSeconds, header, ifValid, name, object } from './fields.ts';

const entity = () => ifValid(v.object({ entity: ifValid(v.object({ id: ifValid(name()) })) }));

const fields = () =>
  object({
    event: ifValid(name()),
    account_id: ifValid(name()),
    created_at: ifValid(epochSeconds()),
    payload: ifValid(v.record(v.string(), entity())),
  });

/**
 * What an event is about, and when it was created. The id that Razorpay names is in a header, which is not signed, so a
 * captured request could be sent again under another id. An event of another kind is identified by its bytes.
 */
function eventId(
  { account_id, event, created_at, payload = {} }: v.InferOutput<ReturnType<typeof fields>>,
  body: Buffer,
) {
  const ids = Object.values(payload).flatMap((each) => each?.entity?.id ?? []);
  if (event === undefined || created_at === undefined || ids.length === 0) return contentId(body);
  return joinedId([account_id, event, created_at / 1000, ...ids.toSorted()]);
}

/** Razorpay. The payload of an event is a snapshot, which is the same in each attempt. */
export const razorpay = () =>
  defineProvider({
    title: 'Razorpay',
    documentation: 'https://razorpay.com/docs/webhooks/validate-test/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-razorpay-signature' }),
      algorithm: hmac({ encoding: 'hex' }),
    }),
    eventHeaders: ['x-razorpay-event-id'],
    eventIdLabel: 'account_id + event + created_at + ids in payload',
    eventTime: { label: 'created_at', isSigned: true },
    // https://razorpay.com/docs/webhooks/payments/
    immutable: true,
    schema: fields(),
    event: (content, { headers, body }) => ({
      id: eventId(content, body),
      type: content.event,
      occurredAt: content.created_at,
      data: {
        account_id: content.account_id,
        razorpay_event_id: header(headers, 'x-razorpay-event-id'),
        payment_id: content.payload?.payment?.entity?.id,
        order_id: content.payload?.order?.entity?.id,
        refund_id: content.payload?.refund?.entity?.id,
        subscription_id: content.payload?.subscription?.entity?.id,
        invoice_id: content.payload?.invoice?.entity?.id,
      },
    }),
  });

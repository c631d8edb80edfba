import * as v from 'valibot';
import { inFields } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

/** Paddle Billing. While a secret is rotated, Paddle sends an `h1` for each secret. */
export const paddle = () =>
  defineProvider({
    title: 'Paddle',
    documentation: 'https://developer.paddle.com/webhooks/signature-verification',
    signature: signedBy({
      carrier: inFields({ header: 'paddle-signature', separator: ';', timestamp: 'ts', signature: 'h1' }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, ':', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 60 },
    }),
    eventIdLabel: 'event_id',
    eventTime: { label: 'occurred_at', isSigned: true },
    immutable: false,
    schema: object({
      event_id: name(),
      event_type: ifValid(name()),
      occurred_at: ifValid(isoTime()),
      notification_id: ifValid(name()),
      data: ifValid(v.object({ id: ifValid(name()), status: ifValid(name()), customer_id: ifValid(name()) })),
    }),
    event: ({ event_id, event_type, occurred_at, notification_id, data }) => ({
      id: event_id,
      type: event_type,
      occurredAt: occurred_at,
      data: { notification_id, object_id: data?.id, status: data?.status, customer_id: data?.customer_id },
    }),
  });

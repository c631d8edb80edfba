import * as v from 'valibot';
import { paypalSignature } from '../signature/paypal.ts';
import { isoTime, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** PayPal: verified with its certificate, without asking its API. */
export const paypal = () =>
  defineProvider({
    title: 'PayPal',
    documentation: 'https://developer.paypal.com/api/rest/webhooks/rest/',
    signature: paypalSignature(),
    settings: {
      webhookId: {
        description: 'The Webhook ID, which is signed: Apps & Credentials → app → Webhooks.',
        pattern: /^[0-9A-Za-z]{1,64}$/,
        example: '8PT597110X687430LKGECATA',
      },
      environment: {
        description: 'Which PayPal the app is of: `live` or `sandbox`.',
        pattern: /^(?:live|sandbox)$/,
        example: 'live',
      },
    },
    eventId: 'id',
    signedTime: 'create_time',
    immutable: false,
    schema: v.object({
      id: name(),
      event_type: name(),
      create_time: maybe(isoTime()),
      resource_type: maybe(name()),
      resource: maybe(v.object({ id: maybe(name()), status: maybe(name()) })),
    }),
    event: ({ id, event_type, create_time, resource_type, resource }) => ({
      id,
      type: event_type,
      occurredAt: create_time === undefined ? undefined : Date.parse(create_time),
      data: { resource_type, resource_id: resource?.id, resource_status: resource?.status },
    }),
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Developer Dashboard → Apps & Credentials → app → Webhooks → Add webhook → Webhook URL.',
  secret: 'None: PayPal signs with its own certificate. Set the Webhook ID, and whether the app is live or sandbox.',
  rotation: 'Nothing to rotate: PayPal changes its certificates itself.',
  retries: 'Tries again up to 25 times over 3 days until it gets a 2xx.',
  weaknesses:
    'Of the body, only its CRC-32 is signed, which is no protection against someone who has captured one request: ' +
    'another body with the same CRC-32 is easily made, and passes for 4 days. Whether a retry is signed anew is not ' +
    "documented, so we choose 4 days. Ask PayPal's API where it matters.",
  notes: 'Events of the webhook simulator do not verify: they are signed for another webhook id.',
};

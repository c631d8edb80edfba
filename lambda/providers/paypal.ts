import * as v from 'valibot';
import { paypalSignature } from '../signature/paypal.ts';
import { isoTime, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

/** PayPal, verified with its certificate and without a call to its API. */
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
    eventIdLabel: 'id',
    eventTime: { label: 'create_time', isSigned: true },
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
      occurredAt: create_time,
      data: { resource_type, resource_id: resource?.id, resource_status: resource?.status },
    }),
  });

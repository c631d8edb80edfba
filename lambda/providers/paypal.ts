import * as v from 'valibot';
import { paypalSignature } from '../signature/paypal.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

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
    schema: object({
      id: name(),
      event_type: ifValid(name()),
      create_time: ifValid(isoTime()),
      resource_type: ifValid(name()),
      resource: ifValid(v.object({ id: ifValid(name()), status: ifValid(name()) })),
    }),
    event: ({ id, event_type, create_time, resource_type, resource }) => ({
      id,
      type: event_type,
      occurredAt: create_time,
      data: { resource_type, resource_id: resource?.id, resource_status: resource?.status },
    }),
  });

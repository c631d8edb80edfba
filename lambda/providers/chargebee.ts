import * as v from 'valibot';
import { basicAuth } from '../signature/basic-auth.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, ifValid, name, object } from './fields.ts';

/** Chargebee. It sends the credentials of basic authentication instead of a signature. */
export const chargebee = () =>
  defineProvider({
    title: 'Chargebee',
    documentation: 'https://www.chargebee.com/docs/billing/2.0/site-configuration/webhook_settings',
    signature: basicAuth(),
    eventIdLabel: 'id',
    eventTime: { label: 'occurred_at', isSigned: false },
    // A retry counts its attempts in `webhooks`, and has the status of each.
    immutable: false,
    schema: object({
      id: name(),
      event_type: ifValid(name()),
      occurred_at: ifValid(epochSeconds()),
      source: ifValid(name()),
      api_version: ifValid(name()),
      content: ifValid(
        v.object({
          customer: ifValid(v.object({ id: ifValid(name()) })),
          subscription: ifValid(v.object({ id: ifValid(name()) })),
          invoice: ifValid(v.object({ id: ifValid(name()) })),
        }),
      ),
    }),
    event: ({ id, event_type, occurred_at, source, api_version, content }) => ({
      id,
      type: event_type,
      occurredAt: occurred_at,
      data: {
        source,
        api_version,
        customer_id: content?.customer?.id,
        subscription_id: content?.subscription?.id,
        invoice_id: content?.invoice?.id,
      },
    }),
  });

import * as v from 'valibot';
import { tokenInHeader } from '../signature/token-in-header.ts';
import { defineProvider } from './define-provider.ts';
import { epochMilliseconds, ifValid, name, object, text } from './fields.ts';

/**
 * RevenueCat. It sends the value that was entered for `Authorization` instead of a signature.
 * @see https://www.revenuecat.com/docs/integrations/webhooks/event-types-and-fields
 */
export const revenuecat = () =>
  defineProvider({
    title: 'RevenueCat',
    documentation: 'https://www.revenuecat.com/docs/integrations/webhooks',
    signature: tokenInHeader('authorization'),
    eventIdLabel: 'event.id',
    eventTime: { label: 'event.event_timestamp_ms', isSigned: false },
    immutable: false,
    schema: object({
      event: v.object({
        id: name(),
        type: ifValid(name()),
        event_timestamp_ms: ifValid(epochMilliseconds()),
        app_id: ifValid(name()),
        app_user_id: ifValid(text(1, 1_024)),
        product_id: ifValid(name()),
        store: ifValid(name()),
        environment: ifValid(name()),
      }),
    }),
    event: ({ event: { id, type, event_timestamp_ms, app_id, app_user_id, product_id, store, environment } }) => ({
      id,
      type,
      occurredAt: event_timestamp_ms,
      data: { app_id, app_user_id, product_id, store, environment },
    }),
  });

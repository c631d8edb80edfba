import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, ifValid, integer, name, object } from './fields.ts';

/** The 7 days in which Customer.io retries: it may sign an event once for all of them. */
const TOLERANCE_SECONDS = 7 * 24 * 3600;

/** Customer.io's reporting webhooks. */
export const customerIo = () =>
  defineProvider({
    title: 'Customer.io',
    documentation: 'https://docs.customer.io/integrations/data-out/connections/webhooks/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-cio-signature', timestamp: 'x-cio-timestamp' }),
      signedContent: ({ body }, { timestamp = '' }) => ['v0:', timestamp, ':', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: TOLERANCE_SECONDS },
    }),
    // https://docs.customer.io/integrations/api/webhooks/
    eventIdLabel: 'event_id',
    eventTime: { label: 'timestamp', isSigned: true },
    immutable: false,
    schema: object({
      event_id: name(),
      object_type: ifValid(name()),
      metric: ifValid(name()),
      timestamp: ifValid(epochSeconds()),
      data: ifValid(
        v.object({
          customer_id: ifValid(name()),
          delivery_id: ifValid(name()),
          campaign_id: ifValid(integer()),
          identifiers: ifValid(v.object({ cio_id: ifValid(name()) })),
        }),
      ),
    }),
    event: ({ event_id, object_type, metric, timestamp, data }) => ({
      id: event_id,
      type: [object_type, metric].filter(Boolean).join('.') || undefined,
      occurredAt: timestamp,
      data: {
        object_type,
        metric,
        customer_id: data?.customer_id,
        delivery_id: data?.delivery_id,
        campaign_id: data?.campaign_id,
        cio_id: data?.identifiers?.cio_id,
      },
    }),
  });

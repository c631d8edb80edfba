// `npm run judges` fails where an event of Stripe's SDK is no payload of an inbox's event.
import type Stripe from 'stripe';
import type { InboxEvent, PayloadClients } from 'webhook-inbox/consumer';
import { readPayload, type SourceEvent } from 'webhook-inbox/consumer';
import type { InvoiceEvent } from '../../examples/consumer/sources.ts';

type Event = SourceEvent<{ 'stripe-eu': 'stripe'; partner: 'generic' }, { stripe: Stripe.Event }>;

/** The payload of an event has the type that was declared. */
export const readsEvent = (event: InboxEvent<'stripe', Stripe.Event>, clients: PayloadClients): Promise<Stripe.Event> =>
  readPayload(event, clients);

/** The example's type has fields of Stripe's own. */
export async function readsInvoice(event: Event, clients: PayloadClients): Promise<InvoiceEvent | undefined> {
  if (event.source !== 'webhook-inbox.stripe-eu') return undefined;
  const payload = await readPayload(event, clients);
  return payload.type === 'invoice.paid' ? payload : undefined;
}

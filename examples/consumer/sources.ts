import type Stripe from 'stripe';
import type { SourceEvent } from 'webhook-inbox/consumer';

/** The sources of the inbox that this consumer reads, with their providers. */
export type Sources = { 'stripe-eu': 'stripe'; partner: 'generic' };

/** An order, as the partner sends it. */
export interface Order {
  readonly event_id: string;
  readonly action: 'order.paid';
  /** In cents. */
  readonly amount: number;
  readonly currency: string;
}

/** An event of one of the sources. Its payload has the type of Stripe's SDK, or that of the partner. */
export type PaymentEvent = SourceEvent<Sources, { stripe: Stripe.Event; partner: Order }>;

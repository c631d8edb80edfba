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

/** What this consumer reads of a Stripe event. With Stripe's SDK, use its `Stripe.Event`, which has all fields. */
export interface InvoiceEvent {
  readonly type: 'invoice.paid' | 'invoice.payment_failed';
  /** The amount is in the smallest unit of the currency. */
  readonly data: { readonly object: { readonly amount_paid: number; readonly currency: string } };
}

/** An event of one of the sources. Its payload is Stripe's or the partner's. */
export type PaymentEvent = SourceEvent<Sources, { stripe: InvoiceEvent; partner: Order }>;

import { Stripe } from 'stripe';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { headerOf } from '../../support/provider-requests.ts';
import type { Judge } from '../judge.ts';

export const judge: Judge = {
  package: 'stripe',
  accepts: (request, secret) =>
    Stripe.webhooks.constructEvent(`${request.body}`, headerOf(request, 'stripe-signature'), secret),
  sign(request, secret) {
    const header = Stripe.webhooks.generateTestHeaderString({ payload: `${request.body}`, secret });
    return withHeaders(request, { 'stripe-signature': header });
  },
};

import { describe, expect, it } from '@jest/globals';
import { Stripe } from 'stripe';
import { stripe } from '../../../lambda/providers/stripe.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { headerOf, statusOf } from '../../support/provider-requests.ts';
import { describeSdk } from '../../support/sdk.ts';
import { readVector } from '../../support/vectors.ts';

describe('A Stripe source', () => {
  it('accepts one right v1 signature among several, and no v0 signature', async () => {
    const inbox = providerInbox({ provider: 'stripe', keys: stripe().signature.generateKeys() });
    const signed = inbox.sign(readVector('stripe').sample);
    const header = headerOf(signed, 'stripe-signature');
    const as = (value: string) => withHeaders(signed, { 'stripe-signature': value });
    expect(await statusOf(inbox.deliver(as(header.replace('v1=', 'v0='))))).toBe(401);
    const other = `v1=${'0'.repeat(64)}`;
    expect(await statusOf(inbox.deliver(as(header.replace(',', `,v0=x,${other},`))))).toBe(200);
  });
});

describeSdk('A Stripe event', {
  provider: 'stripe',
  sign: (request, secret) => {
    const header = Stripe.webhooks.generateTestHeaderString({ payload: `${request.body}`, secret });
    return withHeaders(request, { 'stripe-signature': header });
  },
  verify: (request, secret) =>
    Stripe.webhooks.constructEvent(`${request.body}`, headerOf(request, 'stripe-signature'), secret),
});

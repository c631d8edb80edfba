import { describe, expect, it } from '@jest/globals';
import { stripe } from '../../../lambda/providers/stripe.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { headerOf, statusOf, unsigned } from '../../support/provider-requests.ts';
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

  it.each([
    ['an event of a test clock, 45 days ahead', { created: NOW / 1000 - 0.25 + 45 * 24 * 3600 }],
    ['an object whose id is empty', { data: { object: { id: '' } } }],
    ['a type that is a number', { type: 7 }],
  ])('stores %s', async (_, fields) => {
    const inbox = providerInbox({ provider: 'stripe', keys: stripe().signature.generateKeys() });
    const event = { id: 'evt_1', type: 'invoice.upcoming', created: NOW / 1000 - 0.25, ...fields };
    const { headers } = await inbox.deliver(inbox.sign(unsigned(event)));
    expect(headers).toMatchObject({ 'Inbox-Status': 'processed' });
    expect(inbox.items[0]?.expires_at).toBe(Math.floor(NOW / 1000) + 30 * 24 * 3600);
  });
});

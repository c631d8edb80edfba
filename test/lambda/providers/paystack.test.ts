import { expect, it } from '@jest/globals';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys, unsigned } from '../../support/provider-requests.ts';

it('A Paystack source checks the time of a payment, but not that of a subscription, which is when it began', async () => {
  const inbox = providerInbox({ provider: 'paystack', keys: sharedKeys('the-key') });
  const paid_at = new Date(NOW - 40 * 24 * 3600 * 1000).toISOString();
  const deliver = (event: string) => inboxStatusOf(inbox.deliver(inbox.sign(unsigned({ event, data: { paid_at } }))));
  expect(await deliver('charge.success')).toBe('quarantined');
  expect(await deliver('subscription.disable')).toBe('processed');
});

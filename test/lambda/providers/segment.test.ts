import { createHmac } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { sharedKeys, statusOf, unsigned } from '../../support/provider-requests.ts';

it('A Segment source rejects a batch, of which only the first event is signed', async () => {
  const inbox = providerInbox({ provider: 'segment', keys: sharedKeys('the-secret') });
  const [first, second] = [{ messageId: 'm1' }, { messageId: 'm2' }];
  const signature = createHmac('sha1', 'the-secret').update(JSON.stringify(first)).digest('hex');
  const deliver = (body: unknown) =>
    statusOf(inbox.deliver(withHeaders(inbox.sign(unsigned(body)), { 'x-signature': signature })));
  expect(await deliver(first)).toBe(200);
  expect(await deliver([first, second])).toBe(401);
  expect(inbox.items).toHaveLength(1);
});

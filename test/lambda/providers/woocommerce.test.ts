import { describe, expect, it } from '@jest/globals';
import { providerInbox } from '../../support/provider-inbox.ts';
import { bodiless, inboxStatusOf, sharedKeys, statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const open = () => providerInbox({ provider: 'woocommerce', keys: sharedKeys('the-secret') });
const { sample } = readVector('woocommerce');

describe('A WooCommerce source', () => {
  it('stores both of two events that were sent in the same second, under the same delivery id', async () => {
    const inbox = open();
    for (const body of ['{"id":1}', '{"id":2}']) {
      expect(await inboxStatusOf(inbox.deliver(inbox.sign({ ...sample, body })))).toBe('processed');
    }
    expect(inbox.items.map(({ data }) => data?.resource_id)).toEqual([1, 2]);
  });

  it('stores both of two deletions of one product, which have the same body', async () => {
    const inbox = open();
    for (const id of ['d1', 'd2']) {
      const headers = { ...sample.headers, 'x-wc-webhook-delivery-id': id };
      await inbox.deliver(inbox.sign({ ...sample, headers, body: '{"id":1}' }));
    }
    expect(inbox.items).toHaveLength(2);
  });

  it.each(['webhook_id=7&id=1', 'webhook_id=', 'webhook_id=7\n{}', `webhook_id=${'7'.repeat(40)}`, ''])(
    'answers nothing unsigned but a ping: %j',
    async (body) => {
      const request = { ...bodiless('POST'), body: Buffer.from(body) };
      const headers = new Map([['content-type', ['application/json']]]);
      expect(await statusOf(open().deliver({ ...request, headers }))).toBe(401);
    },
  );
});

import { describe, expect, it } from '@jest/globals';
import { shopify } from '../../../lambda/providers/shopify.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { statusOf } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('shopify');
const open = () => providerInbox({ provider: 'shopify', keys: shopify().signature.generateKeys() });

describe('A Shopify source', () => {
  /** Delivers the sample with other headers, and another body where one is given. */
  const deliverTo = async (inbox: ReturnType<typeof open>, headers: Record<string, string>, body = sample.body) => {
    const request = { ...sample, headers: { ...sample.headers, ...headers }, body };
    return (await inbox.deliver(inbox.sign(request))).headers?.['Inbox-Status'];
  };

  it('stores each topic of one merchant action, whether their bodies are equal or not, and retries once', async () => {
    const inbox = open();
    const created = { 'x-shopify-topic': 'products/create', 'x-shopify-webhook-id': 'w1' };
    const updated = { 'x-shopify-topic': 'products/update', 'x-shopify-webhook-id': 'w2' };
    const stocked = { 'x-shopify-topic': 'inventory_items/create', 'x-shopify-webhook-id': 'w3' };
    expect(await deliverTo(inbox, created)).toBe('processed');
    expect(await deliverTo(inbox, updated)).toBe('processed');
    expect(await deliverTo(inbox, stocked, '{"id":271878346596884015}')).toBe('processed');
    expect(await deliverTo(inbox, created)).toBe('duplicate');
    expect(inbox.items).toHaveLength(3);
  });

  it('identifies a delivery without a webhook id by its event id and topic', async () => {
    const inbox = open();
    const { 'x-shopify-webhook-id': _, ...headers } = sample.headers;
    const deliver = async (topic: string) =>
      (await inbox.deliver(inbox.sign({ ...sample, headers: { ...headers, 'x-shopify-topic': topic } }))).headers;
    expect(await deliver('products/create')).toMatchObject({ 'Inbox-Status': 'processed' });
    expect(await deliver('products/update')).toMatchObject({ 'Inbox-Status': 'processed' });
    expect(await deliver('products/create')).toMatchObject({ 'Inbox-Status': 'duplicate' });
  });

  it('accepts the headers of the newer deliveries, which have no "X-" before them', async () => {
    const inbox = open();
    const { headers, ...signed } = inbox.sign(sample);
    const renamed = new Map([...headers].map(([name, values]) => [name.replace(/^x-shopify/, 'shopify'), values]));
    expect(await statusOf(inbox.deliver({ ...signed, headers: renamed }))).toBe(200);
    expect(inbox.items).toMatchObject([{ event_type: 'orders/create', data: { shop: 'widgets.myshopify.com' } }]);
  });

  it('keeps a delivery that nothing identifies in quarantine', async () => {
    const inbox = open();
    const { 'content-type': type = '' } = sample.headers;
    await inbox.deliver(inbox.sign({ ...sample, headers: { 'content-type': type } }));
    expect(inbox.quarantined).toMatchObject([{ reason: 'no_event_id', headers: { 'content-type': type } }]);
  });

  it('stores an event whose time it cannot read', async () => {
    const inbox = open();
    const headers = { ...sample.headers, 'x-shopify-triggered-at': 'yesterday' };
    expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, headers })))).toBe(200);
    expect(inbox.items[0]).not.toHaveProperty('occurred_at');
  });
});

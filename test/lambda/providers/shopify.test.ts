import { describe, expect, it } from '@jest/globals';
import '@shopify/shopify-api/adapters/node';
import { createSHA256HMAC } from '@shopify/shopify-api/runtime';
import { shopify } from '../../../lambda/providers/shopify.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { headerOf, statusOf } from '../../support/provider-requests.ts';
import { describeSdk } from '../../support/sdk.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('shopify');
const open = () => providerInbox({ provider: 'shopify', keys: shopify().signature.generateKeys() });

describe('A Shopify source', () => {
  it('identifies an event by its event id, and by its webhook id if it has none', async () => {
    const inbox = open();
    const deliver = (headers: Record<string, string>) =>
      inbox.deliver(inbox.sign({ ...sample, headers: { ...sample.headers, ...headers } }));
    const first = JSON.parse((await deliver({})).body);
    const again = JSON.parse((await deliver({ 'x-shopify-webhook-id': 'another' })).body);
    expect(again).toEqual({ status: 'duplicate', event_id: first.event_id });
    const { 'x-shopify-event-id': _, ...headers } = sample.headers;
    const without = await inbox.deliver(inbox.sign({ ...sample, headers }));
    expect(JSON.parse(without.body).event_id).toBe(headerOf(inbox.sign(sample), 'x-shopify-webhook-id'));
  });

  it('stores an event whose time it cannot read', async () => {
    const inbox = open();
    const headers = { ...sample.headers, 'x-shopify-triggered-at': 'yesterday' };
    expect(await statusOf(inbox.deliver(inbox.sign({ ...sample, headers })))).toBe(200);
    expect(inbox.items[0]).not.toHaveProperty('occurred_at');
  });
});

describeSdk('A Shopify event', {
  provider: 'shopify',
  sign: async (request, secret) =>
    withHeaders(request, { 'x-shopify-hmac-sha256': await createSHA256HMAC(secret, `${request.body}`) }),
  verify: async (request, secret) =>
    (await createSHA256HMAC(secret, `${request.body}`)) === headerOf(request, 'x-shopify-hmac-sha256'),
});

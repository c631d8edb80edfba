import { describe, expect, it } from '@jest/globals';
import { type Provider, type ProviderName, providers } from '../../../lambda/providers/index.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { unsignedIdHeaders, unsignedIdWarning } from '../../../lib/providers/unsigned-id-headers.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf } from '../../support/provider-requests.ts';
import { readVector, type VectorRequest } from '../../support/vectors.ts';

const names = Object.keys(providers) as ProviderName[];

/** All providers whose signature covers the body, and not a header that identifies an event. */
const UNSIGNED: Readonly<Partial<Record<ProviderName, readonly string[]>>> = {
  bitbucket: ['x-request-id', 'x-request-uuid'],
  github: ['x-github-delivery', 'x-github-hook-id'],
  linear: ['linear-delivery'],
  netlify: ['x-netlify-event'],
  sentry: ['request-id'],
  shopify: ['x-shopify-webhook-id', 'shopify-webhook-id', 'x-shopify-event-id', 'shopify-event-id'],
  twilio: ['i-twilio-idempotency-token'],
  woocommerce: ['x-wc-webhook-delivery-id'],
  zendesk: ['x-zendesk-webhook-invocation-id'],
};

const withHeader = (request: SignedRequest, name: string, value: string): SignedRequest => ({
  ...request,
  headers: new Map(request.headers).set(name, [value]),
});

/** Whether a captured delivery is stored again with another value of any header that the provider's events are read from. */
async function isStoredTwice(name: ProviderName, { eventHeaders }: Provider, vector: VectorRequest): Promise<boolean> {
  const inbox = providerInbox({ provider: name, keys: providers[name]().signature.generateKeys() });
  const captured = inbox.sign(vector);
  expect(await inboxStatusOf(inbox.deliver(captured))).toBe('processed');
  for (const header of eventHeaders) await inbox.deliver(withHeader(captured, header, 'another-value'));
  return inbox.items.length > vector.events.length;
}

describe('the headers that identify events and are not signed', () => {
  it.each(names)('are found for %s', (name) => {
    expect(unsignedIdHeaders(name, providers[name]())).toEqual(UNSIGNED[name] ?? []);
  });

  it.each(names)('let a captured request be stored again, and no others do: %s', async (name) => {
    const provider = providers[name]();
    const { samples, variants } = readVector(name);
    const results = await Promise.all([...samples, ...variants].map((each) => isStoredTwice(name, provider, each)));
    const signsBody = provider.signature.bodyCoverage !== 'nothing';
    if (signsBody) expect(results.includes(true)).toBe(UNSIGNED[name] !== undefined);
  });

  it('are named in a warning, with the time for which a captured request stays valid', () => {
    expect(unsignedIdWarning('sentry', providers.sentry())).toEqual([
      'a captured request can be sent again with another value of `request-id`, which is not signed: the event is then stored a second time. If the sender publishes its addresses, set `allowedCidrs`. Otherwise, let consumers ignore an event that they have processed already.',
    ]);
    expect(unsignedIdWarning('linear', providers.linear())).toEqual([
      expect.stringMatching(/^for 60 seconds, a captured/),
    ]);
    expect(unsignedIdWarning('stripe', providers.stripe())).toEqual([]);
  });
});

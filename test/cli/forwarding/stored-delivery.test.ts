import { describe, expect, it } from '@jest/globals';
import { deliveryRequest } from '../../../cli/forwarding/delivery-request.ts';
import { storedDelivery } from '../../../cli/forwarding/stored-delivery.ts';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { decodePayload } from '../../../lambda/payloads/decode-payload.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { toSource } from '../../../lambda/receiver/registered-source.ts';
import type { SigningKeys } from '../../../lambda/signature/scheme.ts';
import { exampleSettings } from '../../../samples/example-settings.ts';
import { type ProviderInbox, providerInbox } from '../../support/provider-inbox.ts';
import { readVector, type VectorRequest } from '../../support/vectors.ts';

const names = Object.keys(providers) as ProviderName[];
const url = 'http://localhost:4000/webhooks';

/** Its signature is in the body, and holds a random number. */
const RANDOM_IN_BODY = 'app-store';

const withoutPayload = ({ payload: _, payload_sha256, ...item }: EventItem) => item;

interface Inbox extends ProviderInbox {
  readonly keys: SigningKeys;
}

const requestsOf = (name: ProviderName) => {
  const { samples, variants } = readVector(name);
  return [...samples, ...variants].map((each) => [each.name ?? '', each] as const);
};

/** The item that another inbox stores that gets the rebuilt delivery of an item, signed again. */
async function storedAgain(inbox: Inbox, item: EventItem, name: ProviderName): Promise<EventItem | undefined> {
  const { keys } = inbox;
  const handler = providerInbox({ provider: name, keys, publicUrl: url });
  const source = toSource(name, { provider: name, settings: exampleSettings(inbox.provider) });
  const delivery = storedDelivery(item, decodePayload(item) ?? Buffer.alloc(0), source);
  await handler.deliver(deliveryRequest(source, delivery, { url, key: keys.signing, now: handler.clock.now }));
  return handler.items.length === 1 ? handler.items[0] : undefined;
}

async function storedItems(name: ProviderName, request: VectorRequest): Promise<Inbox> {
  const keys = providers[name]().signature.generateKeys();
  const inbox = providerInbox({ provider: name, keys });
  await inbox.deliver(inbox.sign(request));
  expect(inbox.items).not.toEqual([]);
  return { ...inbox, keys };
}

describe.each(names)('the delivery of a stored event of %s', (name) => {
  it.each(requestsOf(name))('is stored again as the same event: %s', async (_, request) => {
    const inbox = await storedItems(name, request);
    for (const item of inbox.items) {
      const again = await storedAgain(inbox, item, name);
      expect(again && withoutPayload(again)).toEqual(withoutPayload(item));
      if (name !== RANDOM_IN_BODY) expect(again).toEqual(item);
    }
  });
});

import { deliveryRequest } from '../../cli/forwarding/delivery-request.ts';
import { storedDelivery } from '../../cli/forwarding/stored-delivery.ts';
import { decodePayload } from '../../lambda/payloads/decode-payload.ts';
import type { ProviderName } from '../../lambda/providers/index.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { providerInbox } from './provider-inbox.ts';
import type { VectorRequest } from './vectors.ts';

/** How a request is received and forwarded. */
export interface ForwardedOptions {
  readonly provider: ProviderName;
  readonly keys: SigningKeys;
  /** The URL of the handler. */
  readonly url: string;
  /** Epoch milliseconds. */
  readonly now: number;
}

/**
 * The requests that a handler gets of a request that an inbox received, by their names: signed again as it was delivered,
 * and as it is rebuilt from each item.
 */
export async function forwardedRequests(
  request: VectorRequest,
  { provider, keys, url, now }: ForwardedOptions,
): Promise<Readonly<Record<string, SignedRequest>>> {
  const inbox = providerInbox({ provider, keys: keys, publicUrl: url });
  inbox.clock.now = now;
  const received = inbox.sign(request);
  await inbox.deliver(received);
  const source = toSource(provider, { provider, settings: exampleSettings(inbox.provider) });
  const signing = { url, key: keys.signing, now };
  const stored = inbox.items.map((item, index) => {
    const delivery = storedDelivery(item, decodePayload(item) ?? Buffer.alloc(0), source);
    return [`from item ${index + 1}`, deliveryRequest(source, delivery, signing)] as const;
  });
  return { 'as delivered': deliveryRequest(source, received, signing), ...Object.fromEntries(stored) };
}

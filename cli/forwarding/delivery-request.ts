import type { Source } from '../../lambda/receiver/source.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { handlerUrl, SOURCE_HEADER } from './handler-request.ts';

/** The parts of a delivery that a handler gets. */
export type Delivery = Pick<SignedRequest, 'method' | 'query' | 'headers' | 'body'>;

/** How a delivery is sent to a handler. */
export interface DeliveryRequestOptions {
  /** The URL of the handler, which providers sign that sign the URL. */
  readonly url: string;
  /** The key that signs. */
  readonly key: string;
  /** The time to sign, in epoch milliseconds. */
  readonly now: number;
}

/**
 * A delivery as the provider sent it, signed again for a handler: the body to the byte, its content type, and the headers
 * that the provider declares. Only a provider whose signature is in the body or in the query string changes these.
 * @throws {Error} if the key cannot sign
 */
export function deliveryRequest(
  { name, provider, settings }: Pick<Source, 'name' | 'provider' | 'settings'>,
  delivery: Delivery,
  { url, key, now }: DeliveryRequestOptions,
): SignedRequest {
  const target = handlerUrl(url, name);
  const declared = ['content-type', ...provider.eventHeaders];
  const headers = new Map([...delivery.headers].filter(([header]) => declared.includes(header)));
  const query = new URLSearchParams([...new URL(target).searchParams, ...delivery.query]);
  const unsigned: SignedRequest = { ...delivery, url: target, query, headers };
  const signed = provider.signature.sign(unsigned, { key, now, settings });
  return { ...signed, headers: new Map([...signed.headers, [SOURCE_HEADER, [name]]]) };
}

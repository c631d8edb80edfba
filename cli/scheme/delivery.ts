import type { SignedRequest } from '../../lambda/signature/signed-request.ts';

/** A request with what it is verified with. */
export interface Delivery {
  readonly request: SignedRequest;
  readonly secret: string;
  /** When it arrived, in epoch milliseconds. */
  readonly at: number;
}

/** The same delivery with another body. */
export function withBody(delivery: Delivery, body: Buffer): Delivery {
  return { ...delivery, request: { ...delivery.request, body } };
}

/** The same delivery with other values of a header; without the header if there are none. */
export function withHeader(delivery: Delivery, name: string, values: readonly string[]): Delivery {
  const headers = new Map(delivery.request.headers);
  if (values.length > 0) headers.set(name, values);
  else headers.delete(name);
  return { ...delivery, request: { ...delivery.request, headers } };
}

/** The same delivery to another URL. Its query string is that of the URL. */
export function withUrl(delivery: Delivery, url: string): Delivery {
  const query = URL.parse(url)?.searchParams ?? new URLSearchParams();
  return { ...delivery, request: { ...delivery.request, url, query: query.size > 0 ? query : delivery.request.query } };
}

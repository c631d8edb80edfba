import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { nothingPublished } from './certificates.ts';

/** The context of signing and verifying, without the key: at the epoch, with no settings and no certificates. */
export const plainContext = { now: 0, settings: {}, ...nothingPublished };

/** A request with these headers, in lower case. */
export function plainRequest(
  body: Uint8Array | string,
  headers: Readonly<Record<string, string | readonly string[]>> = {},
): SignedRequest {
  return {
    method: 'POST',
    url: 'https://example.com/webhooks/partner',
    query: new URLSearchParams(),
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value].flat()])),
    body: Buffer.from(body),
  };
}

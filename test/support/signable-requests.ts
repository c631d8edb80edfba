import type { ProviderName } from '../../lambda/providers/index.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { fillIn } from '../../samples/sample.ts';
import { readVector, type VectorRequest } from './vectors.ts';

/** The samples and variants of a provider, by name. */
export function signableRequests(provider: ProviderName): ReadonlyMap<string, VectorRequest> {
  const { samples, variants } = readVector(provider);
  return new Map([...samples, ...variants].map((request) => [request.name ?? '', request]));
}

/**
 * A request that is not signed, with the times of its placeholders.
 * @param now epoch milliseconds
 */
export function unsignedRequest({ headers, body }: VectorRequest, url: string, now: number): SignedRequest {
  const filled = Object.entries(headers).map(([name, value]): [string, string[]] => [name, [fillIn(value, now)]]);
  return {
    method: 'POST',
    url,
    query: new URLSearchParams(),
    headers: new Map(filled),
    body: Buffer.from(fillIn(body, now)),
  };
}

import type { SignedRequest } from '../lambda/signature/signed-request.ts';

/**
 * A signed request, ready to be sent. It follows no redirect, which could take a token elsewhere.
 * @param url the URL that it is sent to; the query string is that of the request, since some providers sign it
 * @throws {TypeError} if a header cannot be sent
 */
export function httpRequest({ method, query, headers, body }: SignedRequest, url: string): Request {
  const flat = [...headers].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]));
  const hasBody = method !== 'GET' && method !== 'HEAD';
  return new Request(withQuery(url, query), {
    method,
    headers: flat,
    ...(hasBody && { body: new Uint8Array(body) }),
    redirect: 'manual',
  });
}

/** A URL with another query string. */
export function withQuery(url: string, query: URLSearchParams): string {
  const target = new URL(url);
  target.search = query.toString();
  return target.href;
}

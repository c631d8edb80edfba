/** A request's header values by lower-case name, in the order they came, one entry for every time a header was sent. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** What a signature can cover. */
export interface SignedRequest {
  /** Upper case, such as `POST`. */
  readonly method: string;
  /** The URL that the provider was given, its own query string included. */
  readonly url: string;
  /** The query string that came. */
  readonly query: URLSearchParams;
  readonly headers: HeaderValues;
  /** The body's exact bytes, as received. */
  readonly body: Buffer;
}

/**
 * A header's value, or undefined unless the header came exactly once: which of two values counts
 * would be for the sender to choose.
 * @param name in lower case
 */
export function onlyValue(headers: HeaderValues, name: string): string | undefined {
  const values = headers.get(name);
  return values?.length === 1 ? values[0] : undefined;
}

/** The same request with other headers set; what was there under their names is replaced. */
export function withHeaders(request: SignedRequest, added: Readonly<Record<string, string>>): SignedRequest {
  const headers = new Map(request.headers);
  for (const [name, value] of Object.entries(added)) headers.set(name, [value]);
  return { ...request, headers };
}

/** The values of the headers, by lower-case name, in the order of arrival. A header sent twice has two values. */
export type HeaderValues = ReadonlyMap<string, readonly string[]>;

/** The parts of a request that a signature can cover. */
export interface SignedRequest {
  /** Upper case, such as `POST`. */
  readonly method: string;
  /** The URL that the provider was given, with the query string that it was given. */
  readonly url: string;
  /** The query string of this request. */
  readonly query: URLSearchParams;
  /** All values of each header, by its name in lower case. */
  readonly headers: HeaderValues;
  /** The raw body. */
  readonly body: Buffer;
}

/** More characters than any header of a provider has. */
const MAX_VALUE_LENGTH = 4_096;

/**
 * The value of a header; undefined unless the request has the header exactly once, with at most 4,096 characters. With two
 * values, the caller could choose which of them counts.
 * @param name in lower case
 */
export function onlyValue(headers: HeaderValues, name: string): string | undefined {
  const values = headers.get(name);
  const value = values?.length === 1 ? values[0] : undefined;
  return value !== undefined && value.length <= MAX_VALUE_LENGTH ? value : undefined;
}

/** The same request with more headers. They replace the headers of the same names. */
export function withHeaders(request: SignedRequest, added: Readonly<Record<string, string>>): SignedRequest {
  const headers = new Map(request.headers);
  for (const [name, value] of Object.entries(added)) headers.set(name, [value]);
  return { ...request, headers };
}

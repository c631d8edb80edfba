import { existsSync, readFileSync } from 'node:fs';
import type { ProviderName } from '../../lambda/providers/index.ts';
import type { SigningKeys, Verdict } from '../../lambda/signature/scheme.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';

/** A request as text. */
export interface WrittenRequest {
  /** @default 'POST' */
  readonly method?: string;
  /** The URL that the provider was given. */
  readonly url: string;
  /** The query string that was added to the URL, as it was written. @default - none */
  readonly query?: string;
  /** The names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** A request, the verdict of a provider's SDK on it, and ours. */
export interface JudgedRequest extends WrittenRequest {
  readonly name: string;
  /** Who signed it. A forgery has the signer of the request that it was made from. */
  readonly signer: 'webhook-inbox' | 'judge';
  /** The request that was signed, by its name in the samples or vectors. Absent if the request is a forgery. */
  readonly signed?: string;
  /** The request that was received, stored and signed again for a handler, by its name in the samples or vectors. */
  readonly forwarded?: string;
  /** When it arrived: ISO 8601. @default - when it was signed */
  readonly arrived?: string;
  /** Whether the SDK accepts it. */
  readonly isAccepted: boolean;
  readonly verdict: Verdict;
}

/** The content of test/vectors/judged/<provider>.json, which `npm run judges -- --write` writes. */
export interface JudgedFile {
  /** The package that holds the SDK. */
  readonly judge: { readonly name: string; readonly version: string };
  /** When the requests were signed: ISO 8601. */
  readonly clock: string;
  readonly keys: SigningKeys;
  /** The keys of a forger. */
  readonly otherKeys: SigningKeys;
  readonly requests: readonly JudgedRequest[];
}

export const judgedFile = (provider: ProviderName): URL =>
  new URL(`../vectors/judged/${provider}.json`, import.meta.url);

/** The judged requests of a provider; undefined if it has none. */
export function readJudgedFile(provider: ProviderName): JudgedFile | undefined {
  const file = judgedFile(provider);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/** The request as a scheme takes it. */
export function toSigned({ method = 'POST', url, query, headers, body }: WrittenRequest): SignedRequest {
  const values = Object.entries(headers).map(([name, value]): [string, string[]] => [name, [value]]);
  return { method, url, query: new URLSearchParams(query), headers: new Map(values), body: Buffer.from(body) };
}

/** The request as text. Its headers have one value each. */
export function toWritten({ method, url, query, headers, body }: SignedRequest): WrittenRequest {
  return {
    ...(method !== 'POST' && { method }),
    url,
    ...(query.size > 0 && { query: `${query}` }),
    headers: Object.fromEntries([...headers].map(([name, [value = '']]) => [name, value])),
    body: body.toString(),
  };
}

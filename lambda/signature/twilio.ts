import { createHash } from 'node:crypto';
import type { SignedContent } from './algorithm.ts';
import { type Carrier, inHeaders } from './carrier.ts';
import { hmac } from './hmac.ts';
import type { SignatureScheme } from './scheme.ts';
import { signedBy } from './signed-by.ts';
import { type HeaderValues, onlyValue, type SignedRequest } from './signed-request.ts';
import { isSameText } from './token.ts';

/**
 * Twilio: an HMAC with SHA-1 over the URL that it called and the body. Of a form, it covers the sorted parameters, not the
 * bytes. Of JSON, it covers the hash of the bytes, which Twilio adds to the query string of the URL. A GET has its
 * parameters in the query string.
 * @see https://www.twilio.com/docs/usage/webhooks/webhooks-security
 */
export function twilioSignature(): SignatureScheme {
  return signedBy({
    carrier: withBodyHash(inHeaders({ signature: 'x-twilio-signature' })),
    signedContents,
    bodyCoverage: 'content',
    algorithm: hmac({ encoding: 'base64', hash: 'sha1' }),
    readsBody: isForm,
  });
}

const BODY_HASH = 'bodySHA256';

/** Adds the body's hash to the query string when a request is signed. `jsonContents` reads it. */
function withBodyHash({ read, write }: Carrier): Carrier {
  return {
    read,
    write(request, claim) {
      if (request.method === 'GET' || isForm(request.headers)) return write(request, claim);
      const query = new URLSearchParams(request.query);
      query.set(BODY_HASH, sha256(request.body));
      return write({ ...request, query }, claim);
    },
  };
}

function signedContents(request: SignedRequest): readonly SignedContent[] {
  if (request.method === 'GET') return getContents(request);
  // The content type decides, because the body is parsed by it too: a form with a body hash is still a form.
  return isForm(request.headers) ? formContents(request) : jsonContents(request);
}

function isForm(headers: HeaderValues): boolean {
  const [essence] = onlyValue(headers, 'content-type')?.split(';') ?? [];
  return essence?.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}

/**
 * The URL alone. The event is in the query string, so the query string that came must be signed, and the configured URL is
 * no alternative. With a body hash, it would pass with the signature of a JSON body.
 */
function getContents({ url, query }: SignedRequest): readonly SignedContent[] {
  return query.has(BODY_HASH) ? [] : calledUrls(url, query).map((each) => [each]);
}

/**
 * The URL, followed by the parameters. A form without parameters would pass with the signature of a GET, and Twilio sends
 * none. The filter keeps out the signatures of JSON bodies.
 */
function formContents({ url, query, body }: SignedRequest): readonly SignedContent[] {
  const parameters = parametersOf(body);
  if (parameters === '' || LIKE_QUERY.test(parameters)) return [];
  const urls = new Set([configuredUrl(url), ...calledUrls(url, query)]);
  return [...urls].filter((each) => !SIGNED_HASH.test(each + parameters)).map((each) => [each, parameters]);
}

/** The start of a query string. After a URL, such parameters would be one. */
const LIKE_QUERY = /^[?&]/;

/** What the URL of each JSON body holds, but no form. */
const SIGNED_HASH = new RegExp(`[?&]${BODY_HASH}=[0-9a-f]{64}`);

/** The URL alone, if the hash in its query string is the body's. */
function jsonContents({ url, query, body }: SignedRequest): readonly SignedContent[] {
  const [claimed, ...others] = query.getAll(BODY_HASH);
  if (claimed === undefined || others.length > 0 || !isSameText(claimed, sha256(body))) return [];
  const configured = configuredUrl(url);
  const withHash = `${configured}${configured.includes('?') ? '&' : '?'}${BODY_HASH}=${claimed}`;
  return [...new Set([withHash, ...calledUrls(url, query)])].map((each) => [each]);
}

/**
 * The name and value of each parameter, without separators. They are sorted by name, and those of one name by value. If
 * the same value occurs twice under a name, it counts once.
 */
function parametersOf(body: Buffer): string {
  const byName = Map.groupBy(new URLSearchParams(body.toString()), ([name]) => name);
  const sorted = [...byName].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.flatMap(([name, pairs]) => distinctValues(pairs).map((value) => name + value)).join('');
}

const distinctValues = (pairs: readonly [string, string][]) => [...new Set(pairs.map(([, value]) => value))].sort();

/** The URL without its fragment, which is an instruction to Twilio and is never sent. */
function configuredUrl(url: string): string {
  return url.replace(/#.*/s, '');
}

/** A way to write a query string. */
interface QueryStyle {
  readonly space: '%20' | '+';
  /** Whether the characters {@link RESERVED} are percent-encoded. */
  readonly encodesReserved: boolean;
  /** What follows a name without a value. */
  readonly empty: '=' | '';
}

/** The likeliest first. */
const STYLES: readonly QueryStyle[] = (['=', ''] as const).flatMap((empty) => [
  { space: '%20', encodesReserved: true, empty },
  { space: '+', encodesReserved: true, empty },
  { space: '%20', encodesReserved: false, empty },
  { space: '+', encodesReserved: false, empty },
]);

/** Characters that a query string may hold as they are, and that do not separate its parameters. RFC 3986, section 3.4. */
const RESERVED = ":/?@!$'()*,;";

/**
 * The configured URL with the query string that came, in place of its own. The signature covers the characters that Twilio
 * sent, but API Gateway passes the parameters on decoded. So these are the ways in which they may have been written.
 */
function calledUrls(url: string, query: URLSearchParams): readonly string[] {
  const [base = ''] = configuredUrl(url).split('?');
  if (query.size === 0) return [base];
  return [...new Set(STYLES.map((style) => `${base}?${encodeQuery(query, style)}`))];
}

function encodeQuery(query: URLSearchParams, style: QueryStyle): string {
  const pairs = Array.from(query, ([name, value]) => {
    return encode(name, style) + (value === '' ? style.empty : `=${encode(value, style)}`);
  });
  return pairs.join('&');
}

function encode(text: string, { space, encodesReserved }: QueryStyle): string {
  const encoded = encodeURIComponent(text)
    .replace(/[!'()*]/g, percentEncoded)
    .replaceAll('%20', space);
  return encodesReserved ? encoded : encoded.replace(ENCODED_RESERVED, decodeURIComponent);
}

const percentEncoded = (character: string) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`;

const ENCODED_RESERVED = new RegExp([...RESERVED].map(percentEncoded).join('|'), 'g');

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

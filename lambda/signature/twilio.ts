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
    carrier: limited(withBodyHash(inHeaders({ signature: 'x-twilio-signature' }))),
    signedContents,
    bodyCoverage: 'content',
    algorithm: hmac({ encoding: 'base64', hash: 'sha1' }),
    readsBody: isForm,
  });
}

/** More than Twilio sends in a form, and more than fit into a URL. */
const MAX_PARAMETERS = 1_000;

/** A request with more parameters is malformed: they are decoded and sorted before the signature is verified. */
function limited({ read, write }: Carrier): Carrier {
  return { read: (request) => (hasTooManyParameters(request) ? 'malformed' : read(request)), write };
}

function hasTooManyParameters({ headers, query, body }: SignedRequest): boolean {
  return query.size > MAX_PARAMETERS || (isForm(headers) && separatorsIn(body) >= MAX_PARAMETERS);
}

/** The number of separators in a form, counted up to the limit. */
function separatorsIn(form: Buffer): number {
  let count = 0;
  for (let at = form.indexOf('&'); at >= 0 && count < MAX_PARAMETERS; at = form.indexOf('&', at + 1)) count += 1;
  return count;
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
  if (parameters === '' || LIKE_QUERY.test(parameters) || SIGNED_HASH.test(parameters)) return [];
  const urls = new Set([configuredUrl(url), ...calledUrls(url, query)]);
  const beginning = parameters.slice(0, SIGNED_HASH_LENGTH);
  return [...urls].filter((each) => !SIGNED_HASH.test(each + beginning)).map((each) => [each, parameters]);
}

/** The start of a query string. After a URL, such parameters would be one. */
const LIKE_QUERY = /^[?&]/;

/** What the URL of each JSON body holds, but no form. */
const SIGNED_HASH = new RegExp(`[?&]${BODY_HASH}=[0-9a-f]{64}`);

/** No part of a match is longer that begins in a URL and ends in the parameters. */
const SIGNED_HASH_LENGTH = `?${BODY_HASH}=`.length + 64;

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
  /**
   * Whether the characters `:/?@!$'()*,;` are percent-encoded. A query string may hold them as they are, and they do not
   * separate its parameters. RFC 3986, section 3.4.
   */
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

type Parameter = readonly [name: string, value: string];

/**
 * The configured URL with the query string of the request. The signature covers the characters that Twilio
 * was given, but API Gateway passes the parameters on decoded and without their order. So these are the ways in which they
 * may have been written.
 */
function calledUrls(url: string, query: URLSearchParams): readonly string[] {
  const [base = ''] = configuredUrl(url).split('?');
  if (query.size === 0) return [base];
  const parameters: readonly Parameter[] = [...query];
  const orders = ordersOf(parameters);
  const queries = STYLES.flatMap((style) => {
    const encoded = new Map(parameters.map((each) => [each, encodeParameter(each, style)]));
    return orders.map((order) => order.map((each) => encoded.get(each)).join('&'));
  });
  return [...new Set(queries.map((each) => `${base}?${each}`))];
}

/** More of them have more orders than can be tried. */
const MAX_PERMUTED = 3;

/**
 * The orders in which the parameters may have been written, the order of their arrival first. API Gateway does not keep the
 * order, and Twilio itself sorts the parameters of some URLs after it has signed them. It adds the hash of a body at the end.
 * @see https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
 * @see https://github.com/twilio/twilio-php/issues/790
 */
function ordersOf(parameters: readonly Parameter[]): readonly (readonly Parameter[])[] {
  const hash = parameters.filter(([name]) => name === BODY_HASH);
  const others = parameters.filter(([name]) => name !== BODY_HASH);
  const orders = others.length <= MAX_PERMUTED ? permutations(others) : likelyOrders(others);
  return [parameters, ...orders.map((order) => [...order, ...hash])];
}

function permutations<T>(values: readonly T[]): readonly (readonly T[])[] {
  if (values.length <= 1) return [values];
  return values.flatMap((first, index) => {
    return permutations(values.toSpliced(index, 1)).map((rest) => [first, ...rest]);
  });
}

/** Twilio adds the parameters of a GET in alphabetical order, and after those of the URL. Their names are capitalised. */
function likelyOrders(parameters: readonly Parameter[]): readonly (readonly Parameter[])[] {
  const sorted = parameters.toSorted(([one], [other]) => Number(one > other) - Number(one < other));
  const isOfTwilio = ([name]: Parameter) => /^[A-Z]/.test(name);
  const ofUrl = parameters.filter((each) => !isOfTwilio(each));
  return [[...ofUrl, ...sorted.filter(isOfTwilio)], sorted];
}

function encodeParameter([name, value]: Parameter, style: QueryStyle): string {
  return encode(name, style) + (value === '' ? style.empty : `=${encode(value, style)}`);
}

function encode(text: string, { space, encodesReserved }: QueryStyle): string {
  const encoded = encodesReserved ? encodeURIComponent(text) : encodeURI(text);
  const others = encodesReserved ? LEFT_BY_COMPONENT : LEFT_BY_URI;
  return others.reduce(percentEncode, encoded).replaceAll('%20', space);
}

/** What `encodeURIComponent` leaves as it is, but a query string in which reserved characters are encoded does not. */
const LEFT_BY_COMPONENT = [..."!'()*"];

/** What `encodeURI` leaves as it is, although it separates parameters or ends the query string. */
const LEFT_BY_URI = [...'&=+#'];

/** Not by a pattern: a function called for each character would take most of the time. */
const percentEncode = (text: string, character: string) =>
  text.replaceAll(character, `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

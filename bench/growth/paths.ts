import { FORM_TYPE } from '../../lambda/receiver/parse-payload.ts';
import { type SignedRequest, withHeaders } from '../../lambda/signature/signed-request.ts';
import { batchPaths } from './batches.ts';
import { type Filler, FORMS, HEADER_VALUES, JSON_VALUES, PARAMETERS_OF_TYPES, RAW_BODIES, URLS } from './fillers.ts';
import {
  jsonOf,
  type Signer,
  sampleRequest,
  sign,
  signatureHeaders,
  type Target,
  toProxyEvent,
  withBody,
  withForm,
  withJsonValue,
  withQuery,
} from './grown-request.ts';
import type { GrowthPath } from './growth-path.ts';

/** Larger than API Gateway passes on, which is 10,240 bytes: the receiver does not rely on it. */
const HEADER_BYTES = 64 * 1024;

/** Larger than what a body may have by default that is read before it is verified: the receiver does not rely on it. */
const BODY_BYTES = 1024 * 1024;

/** Parsers refuse a longer host at once. */
const URL_BYTES = 6 * 1024;

/** Every path of a source. */
export function pathsOf(target: Target): readonly GrowthPath[] {
  const signers: readonly Signer[] = ['forger', 'provider'];
  return [
    ...signers.flatMap((signer) => [
      ...jsonPaths(target, signer),
      ...formPaths(target, signer),
      ...queryPaths(target, signer),
      ...signedUrlPaths(target, signer),
    ]),
    ...transferPaths(target),
    ...headerPaths(target),
    ...requestQueryPaths(target),
    ...batchPaths(target),
  ];
}

type Build = (target: Target, filled: string) => SignedRequest;

function paths(
  target: Target,
  { kind, signer, size }: { kind: string; signer: Signer; size: number },
  fillers: Readonly<Record<string, Filler>>,
  build: Build,
): GrowthPath[] {
  return Object.entries(fillers).map(([name, fill]) => ({
    name: `${kind}: ${name}`,
    signer,
    size,
    build: (bytes) => toProxyEvent(target.source, build(target, fill(bytes))),
  }));
}

const isReadFirst = ({ source }: Target, request: SignedRequest) =>
  source.provider.signature.readsBody?.(request.headers) ?? false;

function jsonPaths(target: Target, signer: Signer): GrowthPath[] {
  if (!target.source.provider.contentTypes.includes('application/json')) return [];
  const options = { kind: 'body', signer, size: BODY_BYTES };
  const wholes = paths(target, options, RAW_BODIES, (_, text) => {
    const request = withJsonValue(target, signer, '1');
    // Those that a provider could sign are signed with the whole body.
    return isReadFirst(target, request) ? withBody(request, text) : sign(target, signer, withBody(request, text));
  });
  return [...wholes, ...paths(target, options, JSON_VALUES, (_, json) => withJsonValue(target, signer, json))];
}

function formPaths(target: Target, signer: Signer): GrowthPath[] {
  if (!target.source.provider.contentTypes.includes(FORM_TYPE)) return [];
  return paths(target, { kind: 'form', signer, size: BODY_BYTES }, FORMS, (_, form) => withForm(target, signer, form));
}

/** Events that are sent by GET. */
function queryPaths(target: Target, signer: Signer): GrowthPath[] {
  if (!target.source.provider.sendsQuery) return [];
  const options = { kind: 'GET', signer, size: HEADER_BYTES };
  return paths(target, options, FORMS, (_, query) => withQuery(target, signer, query));
}

/** URLs in a body that is read before its signature is verified. */
function signedUrlPaths(target: Target, signer: Signer): GrowthPath[] {
  const signed = sign(target, signer, sampleRequest(target.source));
  if (!isReadFirst(target, signed)) return [];
  const fields = Object.entries(jsonOf(signed) as object).filter(([, value]) => String(value).startsWith('https://'));
  return fields.flatMap(([field]) =>
    paths(target, { kind: field, signer, size: URL_BYTES }, URLS, (_, url) => {
      return withBody(signed, JSON.stringify({ ...(jsonOf(signed) as object), [field]: url }));
    }),
  );
}

/** How API Gateway passes the body on. */
function transferPaths(target: Target): GrowthPath[] {
  const build = (text: Filler, isBase64Encoded: boolean) => (size: number) => ({
    ...toProxyEvent(target.source, sign(target, 'forger', sampleRequest(target.source))),
    body: text(size),
    isBase64Encoded,
  });
  const common = { signer: 'forger', size: BODY_BYTES } as const;
  return [
    { ...common, name: 'transfer: base64', build: build((size) => 'YWFh'.repeat(size / 4), true) },
    { ...common, name: 'transfer: base64 with blanks', build: build((size) => 'YW h'.repeat(size / 4), true) },
    { ...common, name: 'transfer: text', build: build((size) => 'ä€😀'.repeat(size / 9), false) },
  ];
}

function headerPaths(target: Target): GrowthPath[] {
  const forged = sign(target, 'forger', sampleRequest(target.source));
  const options = { signer: 'forger', size: HEADER_BYTES } as const;
  const [type = ''] = forged.headers.get('content-type') ?? [];
  const names = [...signatureHeaders(target), ...target.source.provider.eventHeaders.slice(0, 1), 'x-other'];
  return [
    ...names.flatMap((name) =>
      paths(target, { ...options, kind: name }, HEADER_VALUES, (_, value) => withHeaders(forged, { [name]: value })),
    ),
    ...paths(target, { ...options, kind: 'content-type' }, { ...HEADER_VALUES, ...PARAMETERS_OF_TYPES }, (_, text) =>
      withHeaders(forged, { 'content-type': type + text }),
    ),
    ...paths(
      target,
      { kind: 'paypal-cert-url', signer: 'forger', size: URL_BYTES },
      urlsIf(forged.headers.has('paypal-cert-url')),
      (_, url) => withHeaders(forged, { 'paypal-cert-url': url }),
    ),
    { ...options, name: 'headers: many', build: manyHeaders(target, forged, (index) => `x-header-${index}`) },
    { ...options, name: 'headers: one name in many spellings', build: manyHeaders(target, forged, spelling) },
    { ...options, name: 'headers: many values of one', build: manyValues(target, forged) },
  ];
}

const urlsIf = (isThere: boolean) => (isThere ? URLS : {});

/** Bytes of a header in those paths. */
const ONE_HEADER = 20;

function manyHeaders({ source }: Target, forged: SignedRequest, nameOf: (index: number) => string) {
  return (size: number) => {
    const event = toProxyEvent(source, forged);
    const names = Array.from({ length: size / ONE_HEADER }, (_, index) => nameOf(index));
    const added = Object.fromEntries(names.map((name) => [name, ['1']]));
    return { ...event, multiValueHeaders: { ...event.multiValueHeaders, ...added } };
  };
}

/** A different case of the same name for each number. */
function spelling(index: number): string {
  const bits = index.toString(2).padStart(16, '0');
  return Array.from(bits, (bit) => (bit === '1' ? 'X' : 'x')).join('');
}

function manyValues({ source }: Target, forged: SignedRequest) {
  return (size: number) => {
    const event = toProxyEvent(source, forged);
    const values = Array.from({ length: size / ONE_HEADER }, String);
    return { ...event, multiValueHeaders: { ...event.multiValueHeaders, 'x-header': values } };
  };
}

/** Query strings of requests that are not expected to have one, and of handshakes. */
function requestQueryPaths(target: Target): GrowthPath[] {
  const { provider } = target.source;
  const forged = sign(target, 'forger', sampleRequest(target.source));
  const method = provider.methods.includes('GET') && !provider.sendsQuery ? 'GET' : 'POST';
  const options = { signer: 'forger', size: HEADER_BYTES } as const;
  return [
    ...paths(target, { ...options, kind: 'query' }, FORMS, (_, query) => {
      return { ...forged, query: new URLSearchParams(query) };
    }),
    ...paths(target, { ...options, kind: 'handshake' }, HEADER_VALUES, (_, token) => {
      return { ...forged, method, query: handshakeQuery(token) };
    }),
  ];
}

function handshakeQuery(token: string): URLSearchParams {
  const names = ['hub.verify_token', 'hub.challenge', 'crc_token', 'validationToken'];
  return new URLSearchParams({ 'hub.mode': 'subscribe', ...Object.fromEntries(names.map((name) => [name, token])) });
}

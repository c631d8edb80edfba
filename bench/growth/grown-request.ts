import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { proxyEvent } from '../../cli/local/api-gateway.ts';
import { FORM_TYPE } from '../../lambda/receiver/parse-payload.ts';
import type { Source } from '../../lambda/receiver/source.ts';
import { isJsonObject } from '../../lambda/signature/json-body.ts';
import type { SigningKeys } from '../../lambda/signature/scheme.ts';
import { type SignedRequest, withHeaders } from '../../lambda/signature/signed-request.ts';
import { sampleOf, unsignedSample } from '../../samples/sample.ts';

/** A source, and who sends requests to it. */
export interface Target {
  readonly source: Source;
  readonly keys: SigningKeys;
  /** A signing key of the same format that is not the source's. */
  readonly forgersKey: string;
}

/** Whether requests are signed with the source's key or with the forger's. */
export type Signer = 'provider' | 'forger';

/** A request with the source's sample as its body. */
export function sampleRequest(source: Source): SignedRequest {
  const url = source.publicUrl ?? `https://hooks.example.com/webhooks/${source.name}`;
  return unsignedSample(sampleOf(source), url, Date.now());
}

/** Signs a request. One that its scheme cannot sign, as it exceeds a limit, gets the signature of the sample. */
export function sign({ source, keys, forgersKey }: Target, signer: Signer, request: SignedRequest): SignedRequest {
  const signing = {
    key: signer === 'provider' ? keys.signing : forgersKey,
    now: Date.now(),
    settings: source.settings,
  };
  try {
    return source.provider.signature.sign(request, signing);
  } catch {
    const sample = source.provider.signature.sign(sampleRequest(source), signing);
    return { ...request, headers: new Map([...sample.headers, ...request.headers]) };
  }
}

const PLACE = '"{place}"';

/** A signed request with a JSON value in a field that the source's provider does not send. @param json the value */
export function withJsonValue(target: Target, signer: Signer, json: string): SignedRequest {
  const request = sampleRequest(target.source);
  const draft = withBody(jsonTyped(request, target.source), JSON.stringify(withPlace(jsonOf(request))));
  const placed = (each: SignedRequest) =>
    withBody(
      each,
      each.body.toString().replace(PLACE, () => json),
    );
  // A scheme that reads the body would write the value again, which fails where it is nested deeply.
  const isRead = target.source.provider.signature.readsBody?.(draft.headers) ?? false;
  return isRead ? placed(sign(target, signer, draft)) : sign(target, signer, placed(draft));
}

function withPlace(content: unknown): unknown {
  if (!Array.isArray(content)) return { ...(isJsonObject(content) ? content : {}), growth: '{place}' };
  const [first, ...others] = content;
  return [withPlace(first), ...others];
}

/** The JSON value of a body; an empty list for a form. */
export function jsonOf({ body, headers }: SignedRequest): unknown {
  return headers.get('content-type')?.[0]?.startsWith(FORM_TYPE) ? [{}] : JSON.parse(body.toString());
}

function jsonTyped(request: SignedRequest, { provider }: Source): SignedRequest {
  const isForm = request.headers.get('content-type')?.[0]?.startsWith(FORM_TYPE);
  return isForm && provider.contentTypes.includes('application/json')
    ? withHeaders(request, { 'content-type': 'application/json' })
    : request;
}

/** A signed request with a form as its body. */
export function withForm(target: Target, signer: Signer, form: string): SignedRequest {
  const request = sampleRequest(target.source);
  const { formField } = target.source.provider;
  const payload = formField?.isRequired ? `${formField.name}=${encodeURIComponent(request.body.toString())}` : 'a=1';
  const typed = withHeaders(request, { 'content-type': FORM_TYPE });
  return sign(target, signer, withBody(typed, `${payload}&${form}`));
}

/** The same request with another body. */
export function withBody(request: SignedRequest, body: string): SignedRequest {
  return { ...request, body: Buffer.from(body) };
}

/** A signed request without a body, and with a query string. */
export function withQuery(target: Target, signer: Signer, query: string): SignedRequest {
  const { headers, ...request } = sampleRequest(target.source);
  const left = new Map([...headers].filter(([name]) => name !== 'content-type'));
  const get = { ...request, headers: left, method: 'GET', query: new URLSearchParams(query), body: Buffer.alloc(0) };
  return sign(target, signer, get);
}

/** Names of the headers that signing adds or changes. */
export function signatureHeaders(target: Target): readonly string[] {
  const unsigned = sampleRequest(target.source);
  const { headers } = sign(target, 'provider', unsigned);
  return [...headers.keys()].filter((name) => headers.get(name)?.join() !== unsigned.headers.get(name)?.join());
}

/** What API Gateway passes on of a request. */
export function toProxyEvent({ name }: Source, request: SignedRequest): APIGatewayProxyEvent {
  const { method, query, headers, body } = request;
  const search = query.size > 0 ? `?${query}` : '';
  const rawHeaders = [...headers].flatMap(([header, values]) => values.flatMap((value) => [header, value]));
  const incoming = {
    method,
    url: `/webhooks/${name}${search}`,
    httpVersion: '1.1',
    headers: {},
    rawHeaders,
    socket: {},
  };
  return proxyEvent(incoming as unknown as IncomingMessage, body, randomUUID());
}

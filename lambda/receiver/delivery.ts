import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { EventRequest } from '../providers/provider.ts';
import type { HeaderValues, SignedRequest } from '../signature/signed-request.ts';
import type { EventOutcome } from '../storage/event-outcome.ts';
import type { Judged } from './judge-events.ts';
import type { ParseResult } from './parse-payload.ts';
import type { Source } from './source.ts';

/** A delivery as API Gateway hands it over, and when. Each step of the chain adds one of the interfaces below. */
export interface Received {
  /** API Gateway's id of the request. */
  readonly requestId: string;
  /** The `{source}` of `/webhooks/{source}`; empty on any other path. */
  readonly sourceName: string;
  /** The API's resource that the path matched: `/webhooks/{source}`, or `/webhooks/` and the name of a source. */
  readonly resource: string;
  /** Upper case, such as `POST`. */
  readonly method: string;
  readonly headers: HeaderValues;
  readonly query: URLSearchParams;
  /** The URL of the API itself, for signatures that cover it; undefined where the caller might have chosen the host. */
  readonly apiUrl: string | undefined;
  /** The body in the text that API Gateway encoded it in. */
  readonly transferred: { readonly text: string; readonly isBase64: boolean };
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** Time of arrival on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** Time to give up on the tables and the bucket, on the clock of `performance.now()`. */
  readonly storeDeadline: number;
  /** Time to give up on the delivery, on the clock of `performance.now()`. */
  readonly deadline: number;
}

/** Added by `findSource`. */
export interface Routed {
  readonly source: Source;
}

/** Added by `readBody`. */
export interface WithBody {
  /** The exact bytes. */
  readonly body: Buffer;
}

/** Added by `checkContentType`. */
export interface Typed {
  /** The media type of the body, without its parameters; undefined for a request without a body. */
  readonly mediaType: string | undefined;
}

/** Added by `verifySignature`. */
export interface Verified {
  /** Whether the signature was made with the secret before the last rotation. */
  readonly usedPreviousSecret: boolean;
}

/** Added by `parseBody`. */
export interface Parsed {
  /** Undefined for a request without a body. */
  readonly parsed: ParseResult | undefined;
}

/** Added by `validateEvents`. */
export type Validated = Judged;

/** Added by `storeEvents`. */
export interface Stored {
  /** One outcome per event, in order. */
  readonly outcomes: readonly EventOutcome[];
  /** Duration of the writes, in milliseconds. */
  readonly storeMs: number;
}

/** Added where a handshake was answered, which ends the chain. */
export interface Answered {
  readonly answered: APIGatewayProxyResult;
  /** The secret that the handshake handed out, sealed for the operator who waits for it. @default - nobody waits */
  readonly sealedSecret?: string;
}

/** A delivery at its end, however far it came. */
export type Ended = Received & Partial<Routed & WithBody & Typed & Verified & Parsed & Validated & Stored & Answered>;

/** Whether a method comes without a body: how providers answer an endpoint. */
export function isWithoutBody(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * How long a delivery may take, in milliseconds: Slack, the least patient of the providers, waits 3 s.
 * @see https://docs.slack.dev/apis/events-api/#responding
 */
export const TIME_BUDGET_MS = 2_300;

/** The part of the budget that the tables and the bucket get, in milliseconds. The rest is for the overflow queue. */
export const STORE_BUDGET_MS = 1_500;

/**
 * A delivery as API Gateway hands it over. Takes any event, however little of it is there.
 * @param receivedAt epoch milliseconds
 */
export function openDelivery(event: Partial<APIGatewayProxyEvent>, receivedAt: number): Received {
  const startedAt = performance.now();
  return {
    requestId: event.requestContext?.requestId ?? '',
    sourceName: sourceName(event),
    resource: event.resource ?? '',
    method: event.httpMethod ?? '',
    headers: headerValues(event),
    query: queryOf(event),
    apiUrl: apiUrlOf(event),
    transferred: { text: event.body ?? '', isBase64: event.isBase64Encoded === true },
    receivedAt,
    startedAt,
    storeDeadline: startedAt + STORE_BUDGET_MS,
    deadline: startedAt + TIME_BUDGET_MS,
  };
}

function sourceName({ resource, path, pathParameters }: Partial<APIGatewayProxyEvent>): string {
  return pathParameters?.source ?? (resource ?? path)?.match(/^\/webhooks\/([^/]+)$/)?.[1] ?? '';
}

/** On every request, so that it is written for speed; names that differ in case alone are one header. */
function headerValues({ multiValueHeaders, headers }: Partial<APIGatewayProxyEvent>): HeaderValues {
  const values = new Map<string, string[]>();
  for (const [name, value] of Object.entries(multiValueHeaders ?? headers ?? {})) {
    const key = name.toLowerCase();
    const sent = Array.isArray(value) ? value : listed(value);
    const others = values.get(key);
    if (!others) values.set(key, [...sent]);
    else for (const each of sent) others.push(each);
  }
  return values;
}

const listed = (value: string | null | undefined): readonly string[] => (value == null ? [] : [value]);

function queryOf({ multiValueQueryStringParameters, queryStringParameters }: Partial<APIGatewayProxyEvent>) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(multiValueQueryStringParameters ?? queryStringParameters ?? {})) {
    for (const each of [value ?? []].flat()) query.append(name, each);
  }
  return query;
}

/** API Gateway answers to its own host name for this API, and to custom domains that the source's URL must name. */
function apiUrlOf({ requestContext, path }: Partial<APIGatewayProxyEvent>): string | undefined {
  const { apiId, domainName, stage } = requestContext ?? {};
  const isOwnHost = apiId && domainName?.startsWith(`${apiId}.execute-api.`) && AWS_HOST.test(domainName);
  return isOwnHost ? `https://${domainName}/${stage ?? ''}${path ?? ''}` : undefined;
}

const AWS_HOST = /^[a-z0-9.-]+\.amazonaws\.com(?:\.cn)?$/;

/** The request as signatures cover it. */
export function signedRequest(delivery: Received & Routed & WithBody): SignedRequest {
  const { source, apiUrl, method, query, headers, body } = delivery;
  return { method, url: source.publicUrl ?? apiUrl ?? '', query, headers, body };
}

/** The request as events are read from it: of the headers, those alone that the provider declares. */
export function eventRequest(delivery: Received & Routed & WithBody & Typed): EventRequest {
  const { source, headers, mediaType, receivedAt } = delivery;
  const eventHeaders = source.provider.eventHeaders.flatMap((name) => {
    const values = headers.get(name);
    return values ? [[name, values] as const] : [];
  });
  return { ...signedRequest(delivery), headers: new Map(eventHeaders), mediaType: mediaType ?? '', receivedAt };
}

import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Stored } from '../events/event-store.ts';
import type { WebhookEvent } from '../events/webhook-event.ts';
import type { HeaderValues, SignedRequest } from '../signature/signed-request.ts';
import type { Source } from './source.ts';

/** One HTTP request on its way through the chain: what came, and below it what each middleware adds. */
export interface Delivery {
  /** API Gateway's id of the request. */
  readonly requestId: string;
  /** The `{source}` of `/webhooks/{source}`; empty on any other path. */
  readonly sourceName: string;
  readonly method: string;
  readonly headers: HeaderValues;
  readonly query: URLSearchParams;
  /** The URL of the API itself, for signatures that cover it; undefined where the caller might have chosen the host. */
  readonly apiUrl: string | undefined;
  /** The body in the text that API Gateway put it into. */
  readonly transferred: { readonly text: string; readonly isBase64: boolean };
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  /** When it came, on the clock of `performance.now()`. */
  readonly startedAt: number;
  /** When to give up on it, on the clock of `performance.now()`. */
  readonly deadline: number;

  /** Set by `findSource`. */
  source: Source;
  /** The exact bytes. Set by `readBody`. */
  body: Buffer;
  /** The media type of the body, without its parameters. Set by `checkContentType`. */
  mediaType: string;
  /** Whether it took the secret before the last rotation. Set by `verifySignature`. */
  usedPreviousSecret: boolean;
  /** What the body says. Set by `parseBody`. */
  content: unknown;
  /** What became of a handshake. Set by `answerHandshake`. */
  isHandshake: boolean;
  /** Set by `validateEvents`. */
  events: readonly WebhookEvent[];
  /** Whether the body held several events. Set by `validateEvents`. */
  isBatch: boolean;
  /** What became of each event. Set by `storeEvents`. */
  stored: readonly Stored[];
  /** How long the table took, in milliseconds. Set by `storeEvents`. */
  storeMs: number;
}

/** A middleware of the chain. */
export type DeliveryMiddleware = Required<Pick<MiddlewareObj<Delivery, APIGatewayProxyResult>, 'before'>>;

/** Whether a method comes without a body: how providers answer an endpoint. */
export function isWithoutBody(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/**
 * How long a delivery may take, in milliseconds: Slack, the least patient of the providers, waits 3 s.
 * @see https://docs.slack.dev/apis/events-api/#responding
 */
export const TIME_BUDGET_MS = 2_300;

/**
 * A delivery as API Gateway hands it over. Takes any event, however little of it is there.
 * @param receivedAt epoch milliseconds
 */
export function openDelivery(event: Partial<APIGatewayProxyEvent>, receivedAt: number): Delivery {
  const startedAt = performance.now();
  const opened: Partial<Delivery> = {
    requestId: event.requestContext?.requestId ?? '',
    sourceName: sourceName(event),
    method: event.httpMethod ?? '',
    headers: headerValues(event),
    query: queryOf(event),
    apiUrl: apiUrlOf(event),
    transferred: { text: event.body ?? '', isBase64: event.isBase64Encoded === true },
    receivedAt,
    startedAt,
    deadline: startedAt + TIME_BUDGET_MS,
  };
  // The rest is there when it is read: every middleware reads only what those above it have set.
  return opened as Delivery;
}

function sourceName({ resource, path, pathParameters }: Partial<APIGatewayProxyEvent>): string {
  return pathParameters?.source ?? (resource ?? path)?.match(/^\/webhooks\/([^/]+)$/)?.[1] ?? '';
}

/** On every request, so that it is written for speed; names that differ in case alone are one header. */
function headerValues({ multiValueHeaders, headers }: Partial<APIGatewayProxyEvent>): HeaderValues {
  const values = new Map<string, readonly string[]>();
  for (const [name, value] of Object.entries(multiValueHeaders ?? headers ?? {})) {
    const key = name.toLowerCase();
    const sent = Array.isArray(value) ? value : listed(value);
    const others = values.get(key);
    values.set(key, others ? [...others, ...sent] : sent);
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
export function signedRequest({ source, apiUrl, method, query, headers, body }: Delivery): SignedRequest {
  return { method, url: source.publicUrl ?? apiUrl ?? '', query, headers, body };
}

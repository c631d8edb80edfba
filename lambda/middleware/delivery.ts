import type { MiddlewareObj } from '@middy/core';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { Stored } from '../events/event-store.ts';
import type { WebhookEvent } from '../events/webhook-event.ts';
import type { HeaderValues } from '../signature/signed-request.ts';
import type { Source } from '../source.ts';

/** One HTTP request on its way through the chain: what came, and below it what each middleware adds. */
export interface Delivery {
  /** API Gateway's id of the request. */
  readonly requestId: string;
  /** The `{source}` of `/webhooks/{source}`; undefined on any other path. */
  readonly sourceName: string | undefined;
  readonly method: string;
  readonly headers: HeaderValues;
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
  /** Whether it took the secret before the last rotation. Set by `verifySignature`. */
  usedPreviousSecret: boolean;
  /** What the body says. Set by `parseBody`. */
  content: unknown;
  /** Set by `validateEvent`. */
  event: WebhookEvent;
  /** What became of the event. Set by `storeEvent`. */
  stored: Stored;
  /** How long the table took, in milliseconds. Set by `storeEvent`. */
  storeMs: number;
}

/** A middleware of the chain. */
export type DeliveryMiddleware = Required<Pick<MiddlewareObj<Delivery, APIGatewayProxyResult>, 'before'>>;

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
    transferred: { text: event.body ?? '', isBase64: event.isBase64Encoded === true },
    receivedAt,
    startedAt,
    deadline: startedAt + TIME_BUDGET_MS,
  };
  // The rest is there when it is read: every middleware reads only what those above it have set.
  return opened as Delivery;
}

function sourceName({ resource, path, pathParameters }: Partial<APIGatewayProxyEvent>): string | undefined {
  return pathParameters?.source ?? /^\/webhooks\/([^/]+)$/.exec(resource ?? path ?? '')?.[1];
}

function headerValues({ multiValueHeaders, headers }: Partial<APIGatewayProxyEvent>): HeaderValues {
  const values = new Map<string, string[]>();
  for (const [name, value] of Object.entries(multiValueHeaders ?? headers ?? {})) {
    const key = name.toLowerCase();
    const sent = [value ?? []].flat();
    values.set(key, [...(values.get(key) ?? []), ...sent]);
  }
  return values;
}

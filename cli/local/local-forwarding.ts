import type { APIGatewayProxyEvent } from 'aws-lambda';
import type { EventItem } from '../../lambda/events/event-item.ts';
import type { ReceiverFunction } from '../../lambda/receiver/receiver.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import type { DeliveryReport, Report } from '../../lambda/telemetry/delivery-report.ts';
import { type Delivery, deliveryRequest } from '../forwarding/delivery-request.ts';
import { eventRequest } from '../forwarding/event-request.ts';
import type { ForwardOptions } from '../forwarding/forward-options.ts';
import { handlerKey } from '../forwarding/handler-key.ts';
import type { HandlerQueue } from '../forwarding/handler-queue.ts';
import type { HandlerRequest } from '../forwarding/handler-request.ts';
import { TABLE_NAME } from './embedded-dynamodb.ts';
import { PAYLOAD_BUCKET_NAME } from './serve-payload.ts';

/** What the forwarding of a local inbox works with. */
export interface LocalForwardingOptions extends ForwardOptions {
  readonly queue: HandlerQueue;
  readonly environment: NodeJS.ProcessEnv;
  /** Called with the description of what the queue, which is full, does not take. */
  readonly dropped: (source: string, description: string) => void;
}

/** Forwards what a local inbox stores to a handler. It changes no answer of the inbox, and delays none. */
export interface LocalForwarding {
  /** Keeps each delivery until it is reported. */
  readonly keeping: (receive: ReceiverFunction) => ReceiverFunction;
  /** Forwards a delivery in which the inbox has found a new event. */
  readonly delivered: (sources: Sources) => Report;
  /** Forwards the event of a new item. */
  readonly stored: (item: EventItem) => void;
  /** How many requests the handler has not taken. */
  readonly waiting: () => number;
  /** Finishes the attempts in flight, and begins no others. */
  readonly stop: () => Promise<void>;
}

/** The account and the region of events on this machine. */
const PLACE = { account: '000000000000', region: 'us-east-1' };

/** Forwards deliveries, or else events. */
export function localForwarding({ queue, form, url, ...options }: LocalForwardingOptions): LocalForwarding {
  const { environment, dropped } = options;
  const kept = new Map<string, APIGatewayProxyEvent>();

  function add(request: HandlerRequest): void {
    if (!queue.add(request)) dropped(request.source, request.description);
  }

  return {
    keeping: (receive) => async (event, context) => {
      const { requestId } = event.requestContext;
      if (form === 'delivery') kept.set(requestId, event);
      try {
        return await receive(event, context);
      } finally {
        kept.delete(requestId);
      }
    },
    delivered: (sources) => (report) => {
      const event = kept.get(report.requestId);
      const source = sources.get(report.source ?? '');
      if (!event || !source || !hasNewEvent(report)) return;
      const delivery = deliveryOf(event);
      const make = () => {
        const { signing: key } = handlerKey(environment, source);
        return deliveryRequest(source, delivery, { url, key, now: Date.now() });
      };
      add({ source: source.name, description: describe(report), bytes: delivery.body.length, make });
    },
    stored(item) {
      if (form !== 'event') return;
      const places = { tableName: TABLE_NAME, payloadBucketName: PAYLOAD_BUCKET_NAME };
      const make = () => eventRequest(item, { url, ...places, ...PLACE });
      add({ source: item.source, description: item.event_id, bytes: item.payload?.length ?? 0, make });
    },
    waiting: queue.waiting,
    async stop() {
      await queue.stop();
    },
  };
}

/** An event in the overflow queue is new as far as the inbox knows. */
const hasNewEvent = ({ events }: DeliveryReport) =>
  events.some(({ status }) => status === 'processed' || status === 'queued');

function describe({ eventId, events }: DeliveryReport): string {
  return eventId ?? `${events.length} events`;
}

function deliveryOf({
  httpMethod,
  multiValueHeaders,
  multiValueQueryStringParameters,
  body,
}: APIGatewayProxyEvent): Delivery {
  const headers = Object.entries(multiValueHeaders).map(([name, values = []]) => [name.toLowerCase(), values] as const);
  const parameters = Object.entries(multiValueQueryStringParameters ?? {});
  return {
    method: httpMethod,
    query: new URLSearchParams(
      parameters.flatMap(([name, values = []]) => values.map((value): [string, string] => [name, value])),
    ),
    headers: new Map(headers),
    body: Buffer.from(body ?? '', 'base64'),
  };
}

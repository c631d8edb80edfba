import { randomUUID } from 'node:crypto';
import type { EventItem } from '../../lambda/events/event-item.ts';
import {
  type BusEntry,
  type BusEntryOptions,
  entryOf,
  toBusEntry,
  withoutPayload,
} from '../../lambda/forwarder/bus-entry.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { handlerUrl, SOURCE_HEADER } from './handler-request.ts';

/** The account and the region that an event names. */
export interface BusPlace {
  readonly account: string;
  readonly region: string;
}

/** How an event is sent to a handler. */
export interface EventRequestOptions extends BusEntryOptions, BusPlace {
  /** The URL of the handler. */
  readonly url: string;
}

/**
 * The event of an item, as an API destination of EventBridge sends it: the whole event in JSON. Its `detail` is that of the
 * forwarder, character for character.
 * @throws {Error} if no entry can be made of the item, because its payload is damaged
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-api-destinations.html
 */
export function eventRequest(item: EventItem, { url, account, region, ...places }: EventRequestOptions): SignedRequest {
  const entry = entryOf(item, toBusEntry, places) ?? withoutPayload(item, places);
  const target = handlerUrl(url, item.source);
  return {
    method: 'POST',
    url: target,
    query: new URL(target).searchParams,
    headers: new Map([
      ['content-type', ['application/json; charset=utf-8']],
      [SOURCE_HEADER, [item.source]],
    ]),
    body: Buffer.from(envelope(entry, { account, region })),
  };
}

/**
 * The event around an entry. The detail is copied as text, so that no number in it is rounded.
 * @see https://docs.aws.amazon.com/eventbridge/latest/ref/overview-event-structure.html
 */
function envelope({ source, detailType, detail, time }: BusEntry, { account, region }: BusPlace): string {
  const metadata = {
    version: '0',
    id: randomUUID(),
    'detail-type': detailType,
    source,
    account,
    time: `${time.toISOString().slice(0, 19)}Z`,
    region,
    resources: [],
  };
  return `${JSON.stringify(metadata).slice(0, -1)},"detail":${detail}}`;
}

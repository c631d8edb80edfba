import type { EventItem } from '../../lambda/events/event-item.ts';
import { checkUrl, UsageError } from '../arguments.ts';
import type { WithPayload } from '../deliveries/delivery-log.ts';
import { deliveryRequest } from '../forwarding/delivery-request.ts';
import { eventRequest } from '../forwarding/event-request.ts';
import { storedDelivery } from '../forwarding/stored-delivery.ts';
import type { ResendRequest } from './api.ts';
import type { AddressedRequest, ConsoleInbox } from './console-inbox.ts';

/** The account and the region that an event names on this machine. */
const PLACE = { account: '000000000000', region: 'us-east-1' };

/**
 * A stored event as a request for a handler: the delivery, signed again, or the event of the bus.
 * @throws {UsageError} if it is not stored, or cannot be signed
 */
export async function resentRequest(inbox: ConsoleInbox, resend: ResendRequest): Promise<AddressedRequest> {
  const { source: name, eventId, form } = resend;
  const url = checkUrl('The URL', resend.url);
  const [source, { stored }] = await Promise.all([inbox.sourceNamed(name), inbox.events.read(name, eventId)]);
  if (!stored) throw new UsageError(`The event ${eventId} of ${name} is not stored.`);
  if (form === 'event') return { request: eventRequest(busItem(stored), { url, ...PLACE, ...inbox.places }), url };
  const key = inbox.handlerKey(source);
  const delivery = storedDelivery(stored.item, stored.payload, source);
  const request = deliveryRequest(source, delivery, { url, key, now: Date.now() });
  return { request, url: request.url };
}

/** A payload in the bucket is too large for the bus too. */
function busItem({ item, payload }: WithPayload<EventItem>): EventItem {
  if (item.payload_object !== undefined) return item;
  const { payload_encoding: _, ...rest } = item;
  return { ...rest, payload: payload.toString() };
}

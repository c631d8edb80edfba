import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import type { JsonObject } from '../signature/json-body.ts';
import { signedBy } from '../signature/signed-by.ts';
import { milliseconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId, withNumbersAsText } from './event-id.ts';
import { epochMilliseconds, ifValid, integer, name, object, textOrInteger, valueIfValid } from './fields.ts';

/** The escapes that are decoded before the URL is signed. No others are. */
const DECODED = /%(?:3a|2f|3f|40|21|24|27|28|29|2a|2c|3b)/gi;
const decoded = (url: string) => url.replace(DECODED, (encoded) => decodeURIComponent(encoded));

const textOrNumber = () => v.union([v.number(), name()], 'string or number');

/** HubSpot's subscriptions, with signatures of version 3. The body is an array of events. */
export const hubspot = () =>
  defineProvider({
    title: 'HubSpot',
    documentation:
      'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-hubspot-signature-v3', timestamp: 'x-hubspot-request-timestamp' }),
      signedContent: ({ method, url, body }, { timestamp = '' }) => [method, decoded(url), body, timestamp],
      algorithm: hmac({ encoding: 'base64' }),
      time: { format: milliseconds, toleranceSeconds: 300 },
    }),
    items: (content) => (Array.isArray(content) ? content : undefined),
    eventIdLabel: 'eventId + subscriptionId + occurredAt + objectId + propertyName',
    eventTime: { label: 'occurredAt', isSigned: true },
    immutable: false,
    schema: object({
      eventId: textOrNumber(),
      subscriptionId: textOrNumber(),
      occurredAt: textOrNumber(),
      subscriptionType: ifValid(name()),
      portalId: ifValid(integer()),
      objectId: ifValid(textOrInteger()),
      propertyName: ifValid(name()),
    }),
    event({ subscriptionType, occurredAt, portalId, objectId, propertyName }, { body }) {
      const sent = withNumbersAsText(body);
      return {
        id: idOf(sent),
        type: subscriptionType,
        occurredAt: valueIfValid(epochMilliseconds(), occurredAt),
        data: {
          portal_id: portalId,
          // An id of 17 digits is stored as text, because JavaScript would round the number.
          object_id: objectId ?? valueIfValid(name(), sent.objectId),
          property_name: propertyName,
        },
      };
    },
  });

/**
 * HubSpot does not promise that eventId alone is unique. An event of an association has two objects. None of these values
 * changes between the deliveries of an event.
 */
function idOf(event: JsonObject): string {
  const { eventId, subscriptionId, occurredAt, objectId, fromObjectId, toObjectId, propertyName } = event;
  const objects = objectId == null ? [fromObjectId, toObjectId] : [objectId];
  return joinedId([eventId, subscriptionId, occurredAt, ...objects, propertyName], '-');
}

import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { milliseconds } from '../signature/signed-time.ts';
import { epochMilliseconds, integer, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

/** The escapes that are decoded before the URL is signed. No others are. */
const DECODED = /%(?:3a|2f|3f|40|21|24|27|28|29|2a|2c|3b)/gi;
const decoded = (url: string) => url.replace(DECODED, (encoded) => decodeURIComponent(encoded));

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
    schema: v.object({
      eventId: integer(),
      subscriptionId: integer(),
      subscriptionType: maybe(name()),
      occurredAt: epochMilliseconds(),
      portalId: maybe(integer()),
      objectId: maybe(integer()),
      fromObjectId: maybe(integer()),
      toObjectId: maybe(integer()),
      propertyName: maybe(name()),
    }),
    event: ({ eventId, subscriptionId, subscriptionType, occurredAt, ...event }) => ({
      // HubSpot does not promise that eventId alone is unique.
      id: [eventId, subscriptionId, occurredAt, objectOf(event), event.propertyName].join('-'),
      type: subscriptionType,
      occurredAt,
      data: { portal_id: event.portalId, object_id: event.objectId, property_name: event.propertyName },
    }),
  });

/** An event of an association has two objects. */
const objectOf = ({ objectId, fromObjectId = '', toObjectId = '' }: Record<string, string | number | undefined>) =>
  objectId ?? `${fromObjectId}-${toObjectId}`;

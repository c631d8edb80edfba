import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { milliseconds } from '../signature/signed-time.ts';
import { epochMilliseconds, integer, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** The only escapes of the URL that are undone before it is signed. */
const DECODED = /%(?:3a|2f|3f|40|21|24|27|28|29|2a|2c|3b)/gi;
const decoded = (url: string) => url.replace(DECODED, (encoded) => decodeURIComponent(encoded));

/** HubSpot's subscriptions, signed in version 3: bodies are arrays of events. */
export const hubspot = () =>
  defineProvider({
    title: 'HubSpot',
    documentation:
      'https://developers.hubspot.com/docs/apps/developer-platform/build-apps/authentication/request-validation',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-hubspot-signature-v3', timestamp: 'x-hubspot-request-timestamp' }),
      content: ({ method, url, body }, { timestamp = '' }) => [method, decoded(url), body, timestamp],
      algorithm: hmac({ encoding: 'base64' }),
      time: { format: milliseconds, toleranceSeconds: 300 },
    }),
    items: (content) => (Array.isArray(content) ? content : undefined),
    eventId: 'eventId + subscriptionId + occurredAt + objectId + propertyName',
    signedTime: 'occurredAt',
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

/** Events of associations name two objects. */
const objectOf = ({ objectId, fromObjectId = '', toObjectId = '' }: Record<string, string | number | undefined>) =>
  objectId ?? `${fromObjectId}-${toObjectId}`;

/** For the people who set it up. */
export const guide: Guide = {
  url: "The app's Webhooks page → Target URL. The URL is signed: where it is not the API's own, set `publicUrl`.",
  secret: "The app's client secret, on its Auth page.",
  rotation:
    "Where the Auth page offers to rotate the client secret, do so and put the new one at once: it is the app's " +
    'OAuth secret too. Whether the old one still signs for a time is not documented; what is refused in between is ' +
    'tried again within 24 hours.',
  retries:
    'Up to 10 more attempts within 24 hours on any answer but 2xx; waits some seconds (5 or 10, not documented).',
  weaknesses:
    'None known in version 3. Versions 1 and 2 of the signature, which HubSpot sends along, sign no time and are ignored.',
  notes:
    '`attemptNumber` changes between deliveries, so the payload of the first one is kept. Requests of workflows and ' +
    'cards have bodies of their own and are refused.',
};

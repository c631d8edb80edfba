import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { iso8601 } from '../signature/signed-time.ts';
import { header, integer, isoTime, lazily, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** An event that Zendesk defines. The body of a trigger or an automation is whatever its author wrote. */
const eventBody = lazily(() =>
  v.object({
    zendesk_event_version: name(),
    id: name(),
    type: name(),
    time: isoTime(),
    account_id: maybe(integer()),
    subject: maybe(name()),
  }),
);

/** Zendesk: events, whose signed id counts; triggers and automations, which have the id of their invocation alone. */
export const zendesk = () =>
  defineProvider({
    title: 'Zendesk',
    documentation: 'https://developer.zendesk.com/documentation/webhooks/verifying/',
    signature: signedBy({
      carrier: inHeaders({
        signature: 'x-zendesk-webhook-signature',
        timestamp: 'x-zendesk-webhook-signature-timestamp',
      }),
      content: ({ body }, { timestamp = '' }) => [timestamp, body],
      // Zendesk's documentation shows this secret to all: webhooks that are only being tried out are signed with it.
      algorithm: hmac({ encoding: 'base64', knownToAll: 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==' }),
      time: { format: iso8601, toleranceSeconds: 300 },
    }),
    contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
    eventId: 'id, else X-Zendesk-Webhook-Invocation-Id',
    signedTime: 'time',
    immutable: false,
    schema: v.unknown(),
    event(body, { headers }) {
      if (!v.is(eventBody(), body)) return { id: header(headers, 'x-zendesk-webhook-invocation-id'), data: {} };
      const { id, type, time, account_id, subject } = body;
      return { id, type, occurredAt: Date.parse(time), data: { account_id, subject } };
    },
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Admin Center → Apps and integrations → Webhooks → Create webhook → Endpoint URL; method POST, JSON or form.',
  secret: "The webhook's page → Reveal secret. The secret for trying a webhook before it exists is refused.",
  rotation:
    "No way to change a webhook's secret is documented. Make a second webhook with the same URL, put its secret, " +
    'move triggers, automations and events over to it, and delete the first, within the grace period: nothing is ' +
    'refused after the secret was put.',
  retries:
    'Waits 12 s. Up to 3 more attempts on 409, 429 and 503, up to 5 on a timeout; stops for a while when most fail.',
  weaknesses:
    'The id of the invocation, which triggers and automations are told apart by, is not signed: within the tolerance, ' +
    'whoever has captured one of their requests can send it again under another id.',
  notes:
    'The tolerance is not documented: we choose 300 s. That retries keep the invocation id is not documented either. ' +
    'Webhooks with another method than POST, or with XML, are refused.',
};

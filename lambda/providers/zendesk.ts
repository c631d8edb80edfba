import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { iso8601 } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, integer, isoTime, name } from './fields.ts';

/** An event that Zendesk defines. The body of a trigger or an automation is whatever its author wrote. */
const eventBody = () =>
  v.object({
    zendesk_event_version: name(),
    id: name(),
    type: ifValid(name()),
    time: ifValid(isoTime()),
    account_id: ifValid(integer()),
    subject: ifValid(name()),
  });

/** Zendesk: events, which have a signed id; triggers and automations, which have only the id of their invocation. */
export const zendesk = () =>
  defineProvider({
    title: 'Zendesk',
    documentation: 'https://developer.zendesk.com/documentation/webhooks/verifying/',
    signature: signedBy({
      carrier: inHeaders({
        signature: 'x-zendesk-webhook-signature',
        timestamp: 'x-zendesk-webhook-signature-timestamp',
      }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, body],
      // Zendesk's documentation publishes this secret: it signs the test requests of webhooks that are not created yet.
      algorithm: hmac({ encoding: 'base64', knownToAll: 'dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==' }),
      time: { format: iso8601, toleranceSeconds: 300 },
    }),
    contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
    eventHeaders: ['x-zendesk-webhook-invocation-id'],
    eventIdLabel: 'id, else X-Zendesk-Webhook-Invocation-Id',
    eventTime: { label: 'time', isSigned: true },
    immutable: false,
    schema: ifValid(eventBody()),
    event: (body, { headers }) => ({
      id: body ? body.id : header(headers, 'x-zendesk-webhook-invocation-id'),
      type: body?.type,
      occurredAt: body?.time,
      data: { account_id: body?.account_id, subject: body?.subject },
    }),
  });

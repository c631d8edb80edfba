import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { ifValid, isoTime, lazily, name, object, valueIfValid } from './fields.ts';
import type { Handshake } from './handshake.ts';

const batch = lazily(() => v.object({ events: v.array(v.unknown()) }));

/** A time in UTC, which Xero writes without its offset. */
const utcTime = () =>
  v.pipe(
    v.string(),
    v.transform((time) => (time.endsWith('Z') ? time : `${time}Z`)),
    isoTime(),
  );

/** Nothing may be in the body of a response: https://developer.xero.com/documentation/guides/webhooks/configuring-your-server */
const EMPTY = { status: 200, body: '' };

/** The validation of "Intent to receive": a body without events. Half of those that Xero sends have a wrong signature. */
const answerValidation: Handshake = ({ content }) =>
  v.is(batch(), content) && content.events.length === 0 ? EMPTY : undefined;

/** Xero. Its events have no id. */
export const xero = () =>
  defineProvider({
    title: 'Xero',
    documentation: 'https://developer.xero.com/documentation/guides/webhooks/configuring-your-server',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-xero-signature' }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    items: (content) => (v.is(batch(), content) ? content.events : undefined),
    eventIdLabel: 'tenantId + eventCategory + eventType + resourceId + eventDateUtc',
    eventTime: { label: 'eventDateUtc', isSigned: true },
    immutable: false,
    acknowledge: () => EMPTY,
    schema: object({
      tenantId: name(),
      resourceId: name(),
      eventDateUtc: name(),
      eventCategory: ifValid(name()),
      eventType: ifValid(name()),
    }),
    event: ({ tenantId, resourceId, eventDateUtc, eventCategory, eventType }) => ({
      id: joinedId([tenantId, eventCategory, eventType, resourceId, eventDateUtc]),
      type: [eventCategory, eventType].filter(Boolean).join('.') || undefined,
      occurredAt: valueIfValid(utcTime(), eventDateUtc),
      data: { tenant_id: tenantId, resource_id: resourceId, event_category: eventCategory, event_type: eventType },
    }),
    handshakes: { signed: answerValidation },
  });

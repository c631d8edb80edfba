import * as v from 'valibot';
import { inFields } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { anything, ifValid, isoTime, name, object, text, valueIfValid } from './fields.ts';

/** Calendly. Its events have no id, but the resource that an event is about, and the time of the event. */
export const calendly = () =>
  defineProvider({
    title: 'Calendly',
    documentation: 'https://developer.calendly.com/api-docs/overview/webhooks/webhook-signatures',
    signature: signedBy({
      carrier: inFields({
        header: 'calendly-webhook-signature',
        separator: ',',
        timestamp: 't',
        signature: 'v1',
      }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, '.', body],
      algorithm: hmac({ encoding: 'hex' }),
      // Calendly retries for 24 hours, and does not say whether it signs each attempt.
      // https://developer.calendly.com/api-docs/overview/webhooks/webhook-errors
      time: { format: seconds, toleranceSeconds: 25 * 3600 },
    }),
    eventIdLabel: 'event + payload.uri + created_at',
    eventTime: { label: 'created_at', isSigned: true },
    immutable: false,
    schema: object({
      event: anything(),
      created_at: anything(),
      created_by: ifValid(text(1, 1_024)),
      payload: ifValid(v.object({ uri: anything(), status: ifValid(name()), rescheduled: ifValid(v.boolean()) })),
    }),
    event: ({ event, created_at, created_by, payload }, { body }) => ({
      id: created_at != null && payload?.uri != null ? joinedId([event, payload.uri, created_at]) : contentId(body),
      type: valueIfValid(name(), event),
      occurredAt: valueIfValid(isoTime(), created_at),
      data: {
        created_by,
        uri: valueIfValid(text(1, 1_024), payload?.uri),
        status: payload?.status,
        rescheduled: payload?.rescheduled,
      },
    }),
  });

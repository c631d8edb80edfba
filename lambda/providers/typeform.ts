import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { isoTime, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Typeform: responses to forms, partial ones included. */
export const typeform = () =>
  defineProvider({
    title: 'Typeform',
    documentation: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'typeform-signature', prefix: 'sha256=' }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventId: 'event_id',
    signedTime: 'form_response.submitted_at',
    immutable: false,
    schema: v.object({
      event_id: name(),
      event_type: maybe(name()),
      form_response: maybe(
        v.object({
          form_id: maybe(name()),
          token: maybe(name()),
          landed_at: maybe(isoTime()),
          submitted_at: maybe(isoTime()),
        }),
      ),
    }),
    event({ event_id, event_type, form_response }) {
      const { form_id, token, landed_at, submitted_at } = form_response ?? {};
      const time = submitted_at ?? landed_at;
      return {
        id: event_id,
        type: event_type,
        occurredAt: time === undefined ? undefined : Date.parse(time),
        data: { form_id, response_token: token },
      };
    },
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'The form → Connect → Webhooks → Add a webhook → Endpoint.',
  secret: 'The text that you enter under the webhook → Edit → Secret. Without one, Typeform does not sign at all.',
  rotation:
    'Put the new text first, then enter it there: the webhook → Edit → Secret. The old one is accepted for the ' +
    'grace period: nothing is refused.',
  retries:
    'Waits 30 s. Every 2 to 3 minutes for 10 hours on 408, 423, 429 and 503, a few more times on others; 404 and 410 ' +
    'disable the webhook.',
  weaknesses:
    'No time of sending is signed: only the time of the response itself, checked against the retention, and the event ' +
    'id keep a captured request from being accepted again.',
};

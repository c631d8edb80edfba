import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

/** Typeform: complete and partial responses to forms. */
export const typeform = () =>
  defineProvider({
    title: 'Typeform',
    documentation: 'https://www.typeform.com/developers/webhooks/secure-your-webhooks/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'typeform-signature', prefix: 'sha256=' }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventIdLabel: 'event_id',
    eventTime: { label: 'form_response.submitted_at', isSigned: true },
    immutable: false,
    schema: object({
      event_id: name(),
      event_type: ifValid(name()),
      form_response: ifValid(
        v.object({
          form_id: ifValid(name()),
          token: ifValid(name()),
          landed_at: ifValid(isoTime()),
          submitted_at: ifValid(isoTime()),
        }),
      ),
    }),
    event({ event_id, event_type, form_response }) {
      const { form_id, token, landed_at, submitted_at } = form_response ?? {};
      const time = submitted_at ?? landed_at;
      return {
        id: event_id,
        type: event_type,
        occurredAt: time,
        data: { form_id, response_token: token },
      };
    },
  });

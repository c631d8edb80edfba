import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { anything, epochMilliseconds, ifValid, lazily, name, object, textOrInteger, valueIfValid } from './fields.ts';
import { type Handshake, jsonAnswer } from './handshake.ts';

const mac = hmac({ encoding: 'hex' });

/**
 * The validation of the endpoint's URL. Its token must not have a colon: webhooks are signed over `v0:…` with the same key,
 * so a caller with a token of that form would get the signature of a webhook.
 */
const validation = lazily(() =>
  v.object({
    event: v.literal('endpoint.url_validation'),
    payload: v.object({ plainToken: v.pipe(v.string(), v.regex(/^[\w-]{1,64}$/)) }),
  }),
);

/** The response holds the token, and its HMAC with the secret. */
const answerValidation: Handshake = ({ content, secret }) => {
  if (!v.is(validation(), content)) return undefined;
  const { plainToken } = content.payload;
  return jsonAnswer({ plainToken, encryptedToken: mac.sign([plainToken], secret) });
};

const payloadFields = lazily(() =>
  v.object({
    account_id: ifValid(name()),
    object: ifValid(v.object({ id: ifValid(textOrInteger()), uuid: ifValid(name()) })),
  }),
);

/** Zoom. Its events have no id, so what they say identifies them. */
export const zoom = () =>
  defineProvider({
    title: 'Zoom',
    documentation: 'https://developers.zoom.us/docs/api/webhooks/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-zm-signature', prefix: 'v0=', timestamp: 'x-zm-request-timestamp' }),
      signedContent: ({ body }, { timestamp = '' }) => ['v0:', timestamp, ':', body],
      algorithm: mac,
      time: { format: seconds, toleranceSeconds: 7200 },
    }),
    eventIdLabel: 'a hash of the body',
    eventTime: { label: 'event_ts', isSigned: true },
    immutable: false,
    schema: object({ event: name(), event_ts: anything(), payload: anything() }),
    event({ event, event_ts, payload }, { body }) {
      const { account_id, object: subject } = valueIfValid(payloadFields(), payload) ?? {};
      return {
        // A recording is sent again with another download token beside its payload.
        id: event.startsWith('recording.') ? contentId(event, JSON.stringify([event_ts, payload])) : contentId(body),
        type: event,
        occurredAt: valueIfValid(epochMilliseconds(), event_ts),
        data: { account_id, object_id: subject?.id, object_uuid: subject?.uuid },
      };
    },
    handshakes: { signsChallenge: true, signed: answerValidation },
  });

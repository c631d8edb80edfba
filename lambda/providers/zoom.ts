import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { epochMilliseconds, integer, lazily, maybe, name } from './fields.ts';
import { type Handshake, jsonAnswer } from './handshake.ts';
import { defineProvider } from './provider.ts';

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

/** Zoom. Its events have no id. */
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
    eventIdLabel: 'payload',
    eventTime: { label: 'event_ts', isSigned: true },
    immutable: false,
    schema: v.object({
      event: name(),
      event_ts: maybe(epochMilliseconds()),
      payload: maybe(
        v.object({
          account_id: maybe(name()),
          object: maybe(v.object({ id: maybe(v.union([name(), integer()])), uuid: maybe(name()) })),
        }),
      ),
    }),
    event: ({ event, event_ts, payload }, { body }) => ({
      id: idOf(event, event_ts, payload?.object?.uuid) ?? contentId(body),
      type: event,
      occurredAt: event_ts,
      data: { account_id: payload?.account_id, object_id: payload?.object?.id, object_uuid: payload?.object?.uuid },
    }),
    handshakes: { signed: answerValidation },
  });

/** A recording is sent again with other download tokens, so its body does not identify it. Other events differ in body. */
function idOf(event: string, time: number | undefined, uuid: string | undefined): string | undefined {
  const isRenewed = event.startsWith('recording.') && time !== undefined && uuid !== undefined;
  return isRenewed ? contentId(event, time, uuid) : undefined;
}

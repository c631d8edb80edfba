import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { onlyValue } from '../signature/signed-request.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, header, ifValid, name, object } from './fields.ts';
import { type Handshake, jsonAnswer, MAX_UNSIGNED_BODY_BYTES, plainToken } from './handshake.ts';
import type { EventRequest } from './provider.ts';

const SIGNED_TIME = 'x-slack-request-timestamp';

/** Slack: the Events API in JSON; slash commands as forms; interactions as forms with JSON in one field. */
export const slack = () =>
  defineProvider({
    title: 'Slack',
    documentation: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-slack-signature', prefix: 'v0=', timestamp: SIGNED_TIME }),
      signedContent: ({ body }, { timestamp = '' }) => ['v0:', timestamp, ':', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 300 },
    }),
    contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
    eventHeaders: [SIGNED_TIME],
    formField: { name: 'payload', isRequired: false },
    // Slack shows a body to the user, as the reply to a command, or as an error.
    acknowledge: ({ mediaType }) => (mediaType.endsWith('form-urlencoded') ? { status: 200, body: '' } : undefined),
    eventIdLabel: 'event_id, else trigger_id',
    eventTime: { label: 'event_time', isSigned: true },
    immutable: false,
    schema: object({
      type: ifValid(name()),
      event_id: ifValid(name()),
      event_time: ifValid(epochSeconds()),
      event: ifValid(v.object({ type: ifValid(name()) })),
      trigger_id: ifValid(name()),
      command: ifValid(name()),
      team_id: ifValid(name()),
      team: ifValid(v.object({ id: ifValid(name()) })),
      api_app_id: ifValid(name()),
    }),
    event: ({ type, event_id, event_time, event, trigger_id, command, team_id, team, api_app_id }, request) => ({
      id: event_id ?? trigger_id ?? idWithout(type, command, request),
      type: event?.type ?? command ?? type,
      occurredAt: event_time,
      data: { team_id: team_id ?? team?.id, api_app_id, command },
    }),
    handshakes: { unsigned: checkCertificate, signed: verifyUrl },
  });

/**
 * Slack never retries a form, and a closed view can report itself twice in the same words: the signed time tells them
 * apart. It retries JSON, with another signed time.
 */
function idWithout(type = '', command = '', { headers, mediaType, body }: EventRequest): string | undefined {
  const isEvent = type === 'event_callback' || (type === '' && command === '');
  if (isEvent) return undefined;
  return mediaType === 'application/json' ? contentId(body) : contentId(header(headers, SIGNED_TIME), body);
}

const urlVerification = () => v.object({ type: v.literal('url_verification'), challenge: v.unknown() });

/** @see https://docs.slack.dev/reference/events/url_verification */
function verifyUrl({ content }: Parameters<Handshake>[0]): ReturnType<Handshake> {
  const challenge = v.is(urlVerification(), content) ? plainToken(content.challenge) : undefined;
  return challenge === undefined ? undefined : jsonAnswer({ challenge });
}

/**
 * Slack checks the certificate of a command's URL with a form that it does not sign. The form is not an event, and it may
 * hold nothing that could be taken for one.
 * @see https://github.com/slackapi/bolt-js/issues/1397
 */
function checkCertificate({ headers, body }: Parameters<Handshake>[0]): ReturnType<Handshake> {
  const contentType = onlyValue(headers, 'content-type') ?? '';
  if (!/^application\/x-www-form-urlencoded *(?:;|$)/i.test(contentType)) return undefined;
  if (body.length > MAX_UNSIGNED_BODY_BYTES) return undefined;
  const form = new URLSearchParams(body.toString());
  const names = [...form.keys()].sort().join(' ');
  const isCheck = form.get('ssl_check') === '1' && (names === 'ssl_check' || names === 'ssl_check token');
  return isCheck ? { status: 200, body: '' } : undefined;
}

import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { epochSeconds, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { type Handshake, jsonAnswer, plainToken } from './handshake.ts';
import { defineProvider } from './provider.ts';

/** Slack: the Events API in JSON; slash commands, and interactivity, whose JSON is in a field, as forms. */
export const slack = () =>
  defineProvider({
    title: 'Slack',
    documentation: 'https://docs.slack.dev/authentication/verifying-requests-from-slack',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-slack-signature', prefix: 'v0=', timestamp: 'x-slack-request-timestamp' }),
      content: ({ body }, { timestamp = '' }) => ['v0:', timestamp, ':', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 300 },
    }),
    contentTypes: ['application/json', 'application/x-www-form-urlencoded'],
    formField: 'payload',
    eventId: 'event_id',
    signedTime: 'event_time',
    immutable: false,
    schema: v.object({
      type: maybe(name()),
      event_id: maybe(name()),
      event_time: maybe(epochSeconds()),
      event: maybe(v.object({ type: name() })),
      trigger_id: maybe(name()),
      command: maybe(name()),
      team_id: maybe(name()),
      team: maybe(v.object({ id: maybe(name()) })),
      api_app_id: maybe(name()),
    }),
    event: ({ type, event_id, event_time, event, trigger_id, command, team_id, team, api_app_id }, { body }) => ({
      id: event_id ?? (type === 'event_callback' ? undefined : (trigger_id ?? contentId(body))),
      type: event?.type ?? command ?? type,
      occurredAt: event_time === undefined ? undefined : event_time * 1000,
      data: { team_id: team_id ?? team?.id, api_app_id, command },
    }),
    handshakes: { signed: verifyUrl },
  });

const urlVerification = () => v.object({ type: v.literal('url_verification'), challenge: v.unknown() });

/** @see https://docs.slack.dev/reference/events/url_verification */
function verifyUrl({ content }: Parameters<Handshake>[0]): ReturnType<Handshake> {
  const challenge = v.is(urlVerification(), content) ? plainToken(content.challenge) : undefined;
  return challenge === undefined ? undefined : jsonAnswer({ challenge });
}

/** For the people who set it up. */
export const guide: Guide = {
  url: 'api.slack.com/apps → the app → Event Subscriptions → Request URL; also under Slash Commands and Interactivity.',
  secret: 'Basic Information → App Credentials → Signing Secret.',
  rotation:
    'Basic Information → App Credentials → Signing Secret → Regenerate, and put it at once. Whether the old one ' +
    'still signs for a time is not documented. The last retry comes after 5 minutes: what is refused for longer is ' +
    'lost.',
  retries: 'Waits 3 s; tries again at once, after 1 minute and after 5 minutes.',
  weaknesses:
    'None known. Slash commands and interactions name no time of their own, but the request is signed with one.',
  notes:
    'Commands and interactions are told apart by `trigger_id`; what has neither that nor an `event_id`, by a hash of the ' +
    'body. Slack takes the body of the answer to a command for a message: this inbox stores commands, and an app that ' +
    "has something to say posts it to the command's `response_url`.",
};

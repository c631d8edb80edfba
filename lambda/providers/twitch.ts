import * as v from 'valibot';
import { inHeaderParts } from '../signature/header-parts.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { iso8601 } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { anything, header, ifValid, lazily, name, object } from './fields.ts';
import { type Handshake, plainToken } from './handshake.ts';

const MESSAGE_ID = 'twitch-eventsub-message-id';

const verification = lazily(() => v.object({ challenge: v.unknown(), event: v.optional(v.never()) }));

/** Sends the challenge of a new subscription back as text. */
const answerChallenge: Handshake = ({ content }) => {
  const challenge = v.is(verification(), content) ? plainToken(content.challenge) : undefined;
  return challenge === undefined ? undefined : { status: 200, body: challenge };
};

/** Twitch's EventSub. It signs the id of a message, its time and its body, but not its type. */
export const twitch = () =>
  defineProvider({
    title: 'Twitch',
    documentation: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/#verifying-the-event-message',
    signature: signedBy({
      carrier: inHeaderParts({
        headers: ['twitch-eventsub-message-signature'],
        prefix: 'sha256=',
        timestamp: { header: 'twitch-eventsub-message-timestamp' },
        id: MESSAGE_ID,
      }),
      signedContent: ({ body }, { id = '', timestamp = '' }) => [id, timestamp, body],
      algorithm: hmac({ encoding: 'hex' }),
      // https://dev.twitch.tv/docs/eventsub/#guarding-against-replay-attacks
      time: { format: iso8601, toleranceSeconds: 600 },
    }),
    eventHeaders: [MESSAGE_ID],
    eventIdLabel: 'Twitch-Eventsub-Message-Id',
    immutable: false,
    schema: object({
      subscription: ifValid(v.object({ id: ifValid(name()), type: ifValid(name()), status: ifValid(name()) })),
      event: anything(),
      events: anything(),
    }),
    event: ({ subscription, event, events }, { headers }) => ({
      id: header(headers, MESSAGE_ID),
      // A message without an event reports that the subscription was revoked.
      type: (event ?? events) == null ? 'revocation' : subscription?.type,
      data: {
        subscription_id: subscription?.id,
        subscription_type: subscription?.type,
        subscription_status: subscription?.status,
      },
    }),
    handshakes: { signed: answerChallenge },
  });

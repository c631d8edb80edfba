import * as v from 'valibot';
import { hmac } from '../signature/hmac.ts';
import { inBody } from '../signature/in-body.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Epoch seconds with a fraction, as far as the year 9999. */
const fractionalSeconds = () => v.pipe(v.number(), v.minValue(0), v.maxValue(253_402_300_799));

/** Mailgun: signs a timestamp and a token in the body, and nothing of what the event says. */
export const mailgun = () =>
  defineProvider({
    title: 'Mailgun',
    documentation: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
    signature: signedBy({
      carrier: inBody('signature'),
      content: (_, { timestamp = '', id = '' }) => [timestamp, id],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 9 * 3600 },
    }),
    eventId: 'event-data.id',
    immutable: false,
    schema: v.object({
      'event-data': v.object({
        id: name(),
        event: name(),
        timestamp: maybe(fractionalSeconds()),
        recipient: maybe(name()),
        message: maybe(v.object({ headers: maybe(v.object({ 'message-id': maybe(name()) })) })),
      }),
    }),
    event: ({ 'event-data': { id, event, timestamp, recipient, message } }) => ({
      id,
      type: event,
      occurredAt: timestamp === undefined ? undefined : Math.floor(timestamp * 1000),
      data: { recipient, message_id: message?.headers?.['message-id'] },
    }),
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Sending → Webhooks → Add webhook → URL.',
  secret: 'API security → HTTP webhook signing key; not the API key.',
  rotation:
    'Make a new key on the same page, or with `POST /v5/accounts/http_signing_key`, and put it at once. It holds ' +
    'for the whole account. What is refused in between comes again; a retry repeats its old signature, which the ' +
    'grace period covers.',
  retries: 'Tries again after 10, 10, 15 and 30 minutes, 1, 2 and 4 hours, until it gets a 200; a 406 ends it.',
  weaknesses:
    'The body is not signed: whoever has captured one request can send any event, under any id, with its signature ' +
    'for 9 h (a retry repeats the signature, and the last comes after 8 h). Treat what an event says as a hint, and ' +
    "ask Mailgun's API where it matters.",
  notes:
    'JSON webhooks only: routes and legacy webhooks send forms, and are refused. The signature of a parent account, ' +
    'which a subaccount sends beside its own, is not looked at.',
};

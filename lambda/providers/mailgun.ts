import * as v from 'valibot';
import { hmac } from '../signature/hmac.ts';
import { inBody } from '../signature/in-body.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

/** Epoch seconds with a fraction, up to the year 9999. The output is in whole epoch milliseconds. */
const fractionalSeconds = () =>
  v.pipe(
    v.number(),
    v.minValue(0),
    v.maxValue(253_402_300_799),
    v.transform((seconds) => Math.floor(seconds * 1000)),
  );

/** Mailgun. It signs a timestamp and a token in the body, but no other part of the body. */
export const mailgun = () =>
  defineProvider({
    title: 'Mailgun',
    documentation: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
    signature: signedBy({
      carrier: inBody('signature'),
      bodyCoverage: 'nothing',
      signedContent: (_, { timestamp = '', id = '' }) => [timestamp, id],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 9 * 3600 },
    }),
    eventIdLabel: 'event-data.id',
    eventTime: { label: 'event-data.timestamp', isSigned: false },
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
      occurredAt: timestamp,
      data: { recipient, message_id: message?.headers?.['message-id'] },
    }),
  });

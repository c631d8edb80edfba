import * as v from 'valibot';
import { hmac } from '../signature/hmac.ts';
import { inBody } from '../signature/in-body.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, name, object, text } from './fields.ts';

/** Epoch seconds with a fraction, up to the year 9999. The output is in whole epoch milliseconds. */
const fractionalSeconds = () =>
  v.pipe(
    v.number(),
    v.minValue(0),
    v.maxValue(253_402_300_799),
    v.transform((seconds) => Math.floor(seconds * 1000)),
  );

/** An address or a message id: as long as a line of a message may be. RFC 5322, section 2.1.1. */
const line = () => text(1, 998);

/** Mailgun. It signs a timestamp and a token in the body, but no other part of the body. */
export const mailgun = () =>
  defineProvider({
    title: 'Mailgun',
    documentation: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks',
    signature: signedBy({
      carrier: inBody('signature'),
      readsBody: () => true,
      bodyCoverage: 'nothing',
      signedContent: (_, { timestamp = '', id = '' }) => [timestamp, id],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 9 * 3600 },
    }),
    // It is signed, and so a captured signature cannot carry another event. A retry repeats it.
    eventIdLabel: 'signature.token',
    eventTime: { label: 'event-data.timestamp', isSigned: false },
    immutable: false,
    schema: object({
      signature: object({ token: name() }),
      'event-data': object({
        event: ifValid(name()),
        timestamp: ifValid(fractionalSeconds()),
        recipient: ifValid(line()),
        message: ifValid(v.object({ headers: ifValid(v.object({ 'message-id': ifValid(line()) })) })),
      }),
    }),
    event: ({ signature, 'event-data': { event, timestamp, recipient, message } }) => ({
      id: signature.token,
      type: event,
      occurredAt: timestamp,
      data: { recipient, message_id: message?.headers?.['message-id'] },
    }),
  });

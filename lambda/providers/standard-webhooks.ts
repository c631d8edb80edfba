import * as v from 'valibot';
import { messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { header, isoTime, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Whoever signs as Standard Webhooks says, with a shared secret or a key pair. Of the body, it only recommends a form. */
export const standardWebhooks = () =>
  defineProvider({
    title: 'Standard Webhooks',
    documentation: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    signature: standardWebhooksSignature(['webhook']),
    eventId: 'webhook-id',
    signedTime: 'timestamp',
    immutable: true,
    schema: v.object({
      type: maybe(name()),
      timestamp: v.fallback(maybe(isoTime()), undefined),
    }),
    event: ({ type, timestamp }, { headers }) => ({
      id: header(headers, messageIdHeader(headers, ['webhook'])),
      type,
      occurredAt: timestamp === undefined ? undefined : Date.parse(timestamp),
      data: { type, timestamp },
    }),
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: "Where the sender's dashboard or API asks for a webhook endpoint.",
  secret:
    "The endpoint's signing secret (`whsec_…`), or, where the sender signs with a key pair, its public key (`whpk_…`): " +
    'what is stored decides which of the two signatures counts.',
  rotation:
    'As the sender does it: the standard has it sign with the old and the new secret for a time, in one header, and ' +
    'any good signature is enough. Make a new one there, put it within that time, and nothing is refused.',
  retries: 'As the sender does it; the id stays the same, and every attempt is signed with its own time.',
  weaknesses: 'None known.',
  notes:
    'A message id with a dot in it is refused: it could be read in more than one way. A signed time may be 300 s old or ' +
    'ahead. The `timestamp` of the body counts as the time of the event where it is in ISO 8601.',
};

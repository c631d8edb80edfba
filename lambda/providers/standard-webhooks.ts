import * as v from 'valibot';
import { messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { header, isoTime, maybe, name } from './fields.ts';
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

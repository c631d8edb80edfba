import * as v from 'valibot';
import { messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { header, ifValid, isoText, isoTime, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

/** Any sender that follows Standard Webhooks, which only recommends fields of the body. */
export const standardWebhooks = () =>
  defineProvider({
    title: 'Standard Webhooks',
    documentation: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    signature: standardWebhooksSignature(['webhook']),
    eventIdLabel: 'webhook-id',
    eventTime: { label: 'timestamp', isSigned: true },
    immutable: true,
    schema: v.object({
      type: maybe(name()),
      timestamp: ifValid(isoText()),
    }),
    event: ({ type, timestamp }, { headers }) => ({
      id: header(headers, messageIdHeader(headers, ['webhook'])),
      type,
      occurredAt: v.parse(ifValid(isoTime()), timestamp),
      data: { type, timestamp },
    }),
  });

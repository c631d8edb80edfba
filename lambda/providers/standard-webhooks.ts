import * as v from 'valibot';
import { messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { header, ifValid, isoText, isoTime, name } from './fields.ts';
import { defineProvider } from './provider.ts';

/**
 * The schema of a body by Standard Webhooks, which only recommends its fields: any JSON is valid, and a field of another
 * format is left out.
 */
export const standardBody = () =>
  v.fallback(v.object({ type: ifValid(name()), timestamp: ifValid(isoText()) }), {
    type: undefined,
    timestamp: undefined,
  });

/** Any sender that follows Standard Webhooks. */
export const standardWebhooks = () =>
  defineProvider({
    title: 'Standard Webhooks',
    documentation: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
    signature: standardWebhooksSignature(['webhook']),
    settings: {
      secretEncoding: {
        description: 'How the secret is written: `base64` by the standard, `text` if its characters are the key.',
        pattern: /^(?:base64|text)$/,
        example: 'text',
        isOptional: true,
      },
    },
    eventHeaders: ['webhook-id'],
    eventIdLabel: 'webhook-id',
    eventTime: { label: 'timestamp', isSigned: true },
    immutable: true,
    schema: standardBody(),
    event: ({ type, timestamp }, { headers }) => ({
      id: header(headers, messageIdHeader(headers, ['webhook'])),
      type,
      occurredAt: v.parse(ifValid(isoTime()), timestamp),
      data: { type, timestamp },
    }),
  });

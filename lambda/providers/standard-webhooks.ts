import * as v from 'valibot';
import { messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, isoTime } from './fields.ts';
import { standardBody } from './standard-body.ts';

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

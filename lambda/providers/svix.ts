import * as v from 'valibot';
import { type HeaderPrefixes, messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { defineProvider } from './define-provider.ts';
import { header, ifValid, isoTime } from './fields.ts';
import { standardBody } from './standard-body.ts';

const PREFIXES: HeaderPrefixes = ['svix', 'webhook'];

/** Svix, and the senders that use it. The headers are Svix's or those of Standard Webhooks. */
export const svix = () =>
  defineProvider({
    title: 'Svix',
    documentation: 'https://docs.svix.com/receiving/verifying-payloads/how-manual',
    signature: standardWebhooksSignature(PREFIXES),
    eventHeaders: ['svix-id', 'webhook-id'],
    eventIdLabel: 'svix-id',
    eventTime: { label: 'timestamp', isSigned: true },
    immutable: true,
    schema: standardBody(),
    event: ({ type, timestamp }, { headers }) => ({
      id: header(headers, messageIdHeader(headers, PREFIXES)),
      type,
      occurredAt: v.parse(ifValid(isoTime()), timestamp),
      data: { type, timestamp },
    }),
  });

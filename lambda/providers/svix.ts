import * as v from 'valibot';
import { type HeaderPrefixes, messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { header, isoTime, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

const PREFIXES: HeaderPrefixes = ['svix', 'webhook'];

/** Svix, and the many who send through it: the headers are its own, or those of Standard Webhooks. */
export const svix = () =>
  defineProvider({
    title: 'Svix',
    documentation: 'https://docs.svix.com/receiving/verifying-payloads/how-manual',
    signature: standardWebhooksSignature(PREFIXES),
    eventId: 'svix-id',
    immutable: true,
    schema: v.object({
      type: v.fallback(maybe(name()), undefined),
      timestamp: v.fallback(maybe(isoTime()), undefined),
    }),
    event: ({ type, timestamp }, { headers }) => ({
      id: header(headers, messageIdHeader(headers, PREFIXES)),
      type,
      occurredAt: timestamp === undefined ? undefined : Date.parse(timestamp),
      data: { type, timestamp },
    }),
  });

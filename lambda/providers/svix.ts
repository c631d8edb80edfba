import * as v from 'valibot';
import { type HeaderPrefixes, messageIdHeader, standardWebhooksSignature } from '../signature/standard-webhooks.ts';
import { header, isoTime, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
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

/** For the people who set it up. */
export const guide: Guide = {
  url: "The sender's webhook portal: Endpoints → Add Endpoint.",
  secret: "The endpoint's Signing Secret, whole or without its `whsec_`.",
  rotation:
    "The sender's webhook portal → the endpoint → rotate its secret. The old one stays valid for 24 hours, unless " +
    'the sender chose another time. Put the new one within it, and nothing is refused.',
  retries: 'Waits 15 s; tries 8 times over about a day, and disables an endpoint that has failed for 5 days.',
  weaknesses: 'None known.',
  notes:
    'The body is whatever the sender (Clerk, Resend and others) makes it: its `type` and, in ISO 8601, its `timestamp` ' +
    'are picked where they are there; its time is not held against the retention. The headers are `svix-*`; those of ' +
    'Standard Webhooks, `webhook-*`, count only where none of the others came.',
};

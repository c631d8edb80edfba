import * as v from 'valibot';
import { inFields } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { epochSeconds, isoTime, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Stripe: events of the first version, and thin events of the second, which write times in ISO 8601. */
export const stripe = () =>
  defineProvider({
    title: 'Stripe',
    documentation: 'https://docs.stripe.com/webhooks#verify-manually',
    signature: signedBy({
      carrier: inFields({ header: 'stripe-signature', separator: ',', timestamp: 't', signature: 'v1' }),
      content: ({ body }, { timestamp = '' }) => [timestamp, '.', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: 300 },
    }),
    eventId: 'id',
    signedTime: 'created',
    immutable: false,
    schema: v.object({
      id: name(),
      type: name(),
      created: v.union([epochSeconds(), isoTime()]),
      livemode: maybe(v.boolean()),
      api_version: maybe(name()),
      account: maybe(name()),
      data: maybe(v.object({ object: maybe(v.object({ id: maybe(name()) })) })),
    }),
    event: ({ id, type, created, data, ...rest }) => ({
      id,
      type,
      occurredAt: typeof created === 'number' ? created * 1000 : Date.parse(created),
      data: { ...rest, object_id: data?.object?.id },
    }),
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Workbench or Developers → Webhooks → Add destination → Endpoint URL.',
  secret: "The endpoint's own signing secret, whole, with its `whsec_`. `stripe listen` prints another one.",
  rotation:
    'The endpoint → Roll secret, with a delay of up to 24 hours: until then Stripe signs with both. Put the new one ' +
    'within the delay, and nothing is refused.',
  retries: 'Tries again for 3 days with backoff (live mode) until it gets a 2xx.',
  weaknesses: 'None known. `pending_webhooks` changes between deliveries, so the payload of the first one is kept.',
};

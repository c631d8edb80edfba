import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { isoTime, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Square: signs the URL that it was given, and the body. */
export const square = () =>
  defineProvider({
    title: 'Square',
    documentation: 'https://developer.squareup.com/docs/webhooks/step3validate',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-square-hmacsha256-signature' }),
      content: ({ url, body }) => [url, body],
      algorithm: hmac({ encoding: 'base64' }),
    }),
    eventId: 'event_id',
    signedTime: 'created_at',
    immutable: false,
    schema: v.object({
      event_id: name(),
      type: name(),
      created_at: maybe(isoTime()),
      merchant_id: maybe(name()),
      location_id: maybe(name()),
      data: maybe(v.object({ type: maybe(name()), id: maybe(name()) })),
    }),
    event: ({ event_id, type, created_at, data, ...rest }) => ({
      id: event_id,
      type,
      occurredAt: created_at === undefined ? undefined : Date.parse(created_at),
      data: { ...rest, object_type: data?.type, object_id: data?.id },
    }),
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Developer Console → application → Webhooks → Subscriptions → Add subscription → Notification URL.',
  secret: "The subscription's Signature key, as shown. The sandbox and production have one each.",
  rotation:
    "Replace the subscription's signature key (in the API, `UpdateWebhookSubscriptionSignatureKey`), and put the " +
    'new one at once. What is refused in between comes again for up to 24 hours.',
  retries: 'Tries again with backoff for up to 24 h until it gets a 2xx.',
  weaknesses:
    'No time is signed beside the body: a captured request is refused only as a duplicate, and once its `created_at` ' +
    'is older than the retention.',
  notes:
    'The URL is signed: it must be the one that Square was given, to the letter. Behind a custom domain, set the ' +
    "source's public URL. Whether a retry carries the same bytes is not documented; we choose to keep those of the first.",
};

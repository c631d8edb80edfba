import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { epochSeconds, maybe, name } from './fields.ts';
import type { Guide } from './guide.ts';
import { defineProvider } from './provider.ts';

/** Intercom: asks with HEAD whether the endpoint is there; its pings have an id of null. */
export const intercom = () =>
  defineProvider({
    title: 'Intercom',
    documentation: 'https://developers.intercom.com/docs/webhooks/setting-up-webhooks',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-hub-signature', prefix: 'sha1=' }),
      algorithm: hmac({ encoding: 'hex', hash: 'sha1' }),
    }),
    methods: ['POST', 'HEAD'],
    eventId: 'id',
    signedTime: 'created_at',
    immutable: false,
    schema: v.object({
      id: maybe(name()),
      topic: name(),
      created_at: maybe(epochSeconds()),
      app_id: maybe(name()),
      data: maybe(v.object({ item: maybe(v.object({ type: maybe(name()), id: maybe(name()) })) })),
    }),
    event: ({ id, topic, created_at, app_id, data }) => ({
      // A ping's; not of the whole body, in which the count of attempts grows.
      id: id ?? contentId(topic, created_at, app_id, data?.item?.type, data?.item?.id),
      type: topic,
      occurredAt: created_at === undefined ? undefined : created_at * 1000,
      data: { app_id, item_type: data?.item?.type, item_id: data?.item?.id },
    }),
    handshakes: { unsigned: ({ method }) => (method === 'HEAD' ? { status: 200, body: '' } : undefined) },
  });

/** For the people who set it up. */
export const guide: Guide = {
  url: 'Developer Hub → app → Webhooks → Endpoint URL.',
  secret: 'Developer Hub → app → Basic information → Client secret.',
  rotation:
    "How to get another client secret is not documented; it is the app's OAuth secret too. If Intercom gives you " +
    'one, put it at once: endpoints that keep failing are paused.',
  retries:
    'Wants a 2xx, quickly: slow endpoints are put behind others, failing ones paused, and after 7 days suspended.',
  weaknesses:
    'HMAC with SHA-1, and no time is signed beside the body: a captured request is refused only as a duplicate, and ' +
    'once its `created_at` is older than the retention.',
  notes: 'A ping has no id: it is stored under a hash of what it says.',
};

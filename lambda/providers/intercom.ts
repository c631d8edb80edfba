import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { epochSeconds, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

/** Intercom. It requests the endpoint with HEAD first. The id of its pings is null. */
export const intercom = () =>
  defineProvider({
    title: 'Intercom',
    documentation: 'https://developers.intercom.com/docs/webhooks/setting-up-webhooks',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-hub-signature', prefix: 'sha1=' }),
      algorithm: hmac({ encoding: 'hex', hash: 'sha1' }),
    }),
    methods: ['POST', 'HEAD'],
    eventIdLabel: 'id',
    eventTime: { label: 'created_at', isSigned: true },
    immutable: false,
    schema: v.object({
      id: maybe(name()),
      topic: name(),
      created_at: maybe(epochSeconds()),
      app_id: maybe(name()),
      data: maybe(v.object({ item: maybe(v.object({ type: maybe(name()), id: maybe(name()) })) })),
    }),
    event: ({ id, topic, created_at, app_id, data }) => ({
      // A ping has no id. The hash leaves out the number of attempts, which is in the body and grows.
      id: id ?? contentId(topic, created_at && created_at / 1000, app_id, data?.item?.type, data?.item?.id),
      type: topic,
      occurredAt: created_at,
      data: { app_id, item_type: data?.item?.type, item_id: data?.item?.id },
    }),
    handshakes: { unsigned: ({ method }) => (method === 'HEAD' ? { status: 200, body: '' } : undefined) },
  });

import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { withNumbersAsText } from './event-id.ts';
import { epochSeconds, ifValid, name, object, textOrInteger } from './fields.ts';

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
    schema: object({
      id: ifValid(name()),
      topic: ifValid(name()),
      created_at: ifValid(epochSeconds()),
      app_id: ifValid(name()),
      data: ifValid(v.object({ item: ifValid(v.object({ type: ifValid(name()), id: ifValid(textOrInteger()) })) })),
    }),
    event: ({ id, topic, created_at, app_id, data }, { body }) => ({
      id: id ?? (topic && hashWithoutAttempts(body)),
      type: topic,
      occurredAt: created_at,
      data: { app_id, item_type: data?.item?.type, item_id: data?.item?.id },
    }),
    handshakes: { unsigned: ({ method }) => (method === 'HEAD' ? { status: 200, body: '' } : undefined) },
  });

/** An id for a ping, which has none. What counts and dates the attempts differs between the deliveries of an event. */
function hashWithoutAttempts(body: Buffer): string {
  const { delivery_attempts: _, delivery_status: _status, delivered_at: _at, ...content } = withNumbersAsText(body);
  return contentId(JSON.stringify(content));
}

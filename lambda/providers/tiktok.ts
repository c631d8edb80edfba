import { inFields } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, ifValid, name, object } from './fields.ts';

/** The 72 hours in which TikTok retries, and one for its delays: it may sign an event once for all of them. */
const TOLERANCE_SECONDS = 73 * 3600;

/** TikTok for Developers. Its events have no id, so what they say identifies them. */
export const tiktok = () =>
  defineProvider({
    title: 'TikTok',
    documentation: 'https://developers.tiktok.com/doc/webhooks-verification',
    signature: signedBy({
      carrier: inFields({ header: 'tiktok-signature', separator: ',', timestamp: 't', signature: 's' }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, '.', body],
      algorithm: hmac({ encoding: 'hex' }),
      time: { format: seconds, toleranceSeconds: TOLERANCE_SECONDS },
    }),
    eventIdLabel: 'a hash of the body',
    eventTime: { label: 'create_time', isSigned: true },
    immutable: false,
    // https://developers.tiktok.com/doc/webhooks-events
    schema: object({
      event: name(),
      create_time: ifValid(epochSeconds()),
      client_key: ifValid(name()),
      user_openid: ifValid(name()),
    }),
    event: ({ event, create_time, client_key, user_openid }, { body }) => ({
      id: contentId(body),
      type: event,
      occurredAt: create_time,
      data: { client_key, user_openid },
    }),
  });

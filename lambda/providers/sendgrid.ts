import * as v from 'valibot';
import { ecdsaP256 } from '../signature/asymmetric.ts';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { epochSeconds, maybe, name } from './fields.ts';
import { defineProvider } from './provider.ts';

const HEADER = 'x-twilio-email-event-webhook';

/** One odd field of one event is no reason to refuse all the others. */
const optional = () => v.fallback(maybe(name()), undefined);

/** SendGrid's Event Webhook: an array, whose last line break is signed like the rest. */
export const sendgrid = () =>
  defineProvider({
    title: 'SendGrid',
    documentation:
      'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
    signature: signedBy({
      carrier: inHeaders({ signature: `${HEADER}-signature`, timestamp: `${HEADER}-timestamp` }),
      content: ({ body }, { timestamp = '' }) => [timestamp, body],
      algorithm: ecdsaP256(),
      time: { format: seconds, toleranceSeconds: 25 * 3600 },
    }),
    items: (content) => (Array.isArray(content) ? content : undefined),
    eventId: 'sg_event_id',
    signedTime: 'timestamp',
    immutable: false,
    schema: v.object({
      sg_event_id: optional(),
      sg_message_id: optional(),
      event: name(),
      email: optional(),
      timestamp: maybe(epochSeconds()),
    }),
    event: ({ sg_event_id, event, timestamp, sg_message_id, email }, { body }) => ({
      id: sg_event_id ?? contentId(body),
      type: event,
      occurredAt: timestamp === undefined ? undefined : timestamp * 1000,
      data: { event, email, sg_message_id },
    }),
  });

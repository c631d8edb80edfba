import { ecdsaP256 } from '../signature/asymmetric.ts';
import { inHeaders } from '../signature/carrier.ts';
import { contentId } from '../signature/content-id.ts';
import { signedBy } from '../signature/signed-by.ts';
import { seconds } from '../signature/signed-time.ts';
import { defineProvider } from './define-provider.ts';
import { epochSeconds, ifValid, name, object, text } from './fields.ts';

/** @see https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1 */
const MAX_ADDRESS = 320;

const HEADER = 'x-twilio-email-event-webhook';

/** SendGrid's Event Webhook. The body is an array; the line break at its end is signed too. */
export const sendgrid = () =>
  defineProvider({
    title: 'SendGrid',
    documentation:
      'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features',
    signature: signedBy({
      carrier: inHeaders({ signature: `${HEADER}-signature`, timestamp: `${HEADER}-timestamp` }),
      signedContent: ({ body }, { timestamp = '' }) => [timestamp, body],
      algorithm: ecdsaP256(),
      time: { format: seconds, toleranceSeconds: 25 * 3600 },
    }),
    items: (content) => (Array.isArray(content) ? content : undefined),
    eventIdLabel: 'sg_event_id',
    eventTime: { label: 'timestamp', isSigned: true },
    immutable: false,
    schema: object({
      sg_event_id: ifValid(name()),
      sg_message_id: ifValid(name()),
      event: ifValid(name()),
      email: ifValid(text(1, MAX_ADDRESS)),
      timestamp: ifValid(epochSeconds()),
    }),
    event: ({ sg_event_id, event, timestamp, sg_message_id, email }, { body }) => ({
      id: sg_event_id ?? contentId(body),
      type: event,
      occurredAt: timestamp,
      data: { event, email, sg_message_id },
    }),
  });

import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { ifValid, isoTime, name, object } from './fields.ts';

/**
 * Segment's destination for webhooks. Of a batch, it signs the first event alone, so a batch is rejected.
 * @see https://github.com/segmentio/action-destinations/blob/main/packages/destination-actions/src/destinations/webhook/index.ts
 */
export const segment = () =>
  defineProvider({
    title: 'Segment',
    documentation: 'https://segment.com/docs/connections/destinations/catalog/actions-webhook/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-signature' }),
      algorithm: hmac({ encoding: 'hex', hash: 'sha1' }),
    }),
    // https://segment.com/docs/connections/spec/common/
    eventIdLabel: 'messageId',
    // `timestamp` may be years ago: data is also imported.
    eventTime: { label: 'receivedAt', isSigned: true },
    immutable: false,
    schema: object({
      messageId: name(),
      type: ifValid(name()),
      event: ifValid(name()),
      userId: ifValid(name()),
      anonymousId: ifValid(name()),
      timestamp: ifValid(name()),
      receivedAt: ifValid(isoTime()),
    }),
    event: ({ messageId, type, event, userId, anonymousId, timestamp, receivedAt }) => ({
      id: messageId,
      type,
      occurredAt: receivedAt,
      data: { event, user_id: userId, anonymous_id: anonymousId, timestamp },
    }),
  });

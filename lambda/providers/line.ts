import * as v from 'valibot';
import { inHeaders } from '../signature/carrier.ts';
import { hmac } from '../signature/hmac.ts';
import { signedBy } from '../signature/signed-by.ts';
import { defineProvider } from './define-provider.ts';
import { epochMilliseconds, ifValid, lazily, name, object } from './fields.ts';

const batch = lazily(() => v.object({ events: v.array(v.unknown()) }));

/**
 * LINE's Messaging API. The list of events is empty when a URL is verified.
 * @see https://developers.line.biz/en/docs/messaging-api/receiving-messages/
 */
export const line = () =>
  defineProvider({
    title: 'LINE',
    documentation: 'https://developers.line.biz/en/docs/messaging-api/verify-webhook-signature/',
    signature: signedBy({
      carrier: inHeaders({ signature: 'x-line-signature' }),
      algorithm: hmac({ encoding: 'base64' }),
    }),
    items: (content) => (v.is(batch(), content) ? content.events : undefined),
    eventIdLabel: 'webhookEventId',
    eventTime: { label: 'timestamp', isSigned: true },
    // A redelivered event says so.
    immutable: false,
    schema: object({
      webhookEventId: name(),
      type: ifValid(name()),
      timestamp: ifValid(epochMilliseconds()),
      mode: ifValid(name()),
      source: ifValid(
        v.object({
          type: ifValid(name()),
          userId: ifValid(name()),
          groupId: ifValid(name()),
          roomId: ifValid(name()),
        }),
      ),
      message: ifValid(v.object({ id: ifValid(name()), type: ifValid(name()) })),
    }),
    event: ({ webhookEventId, type, timestamp, mode, source, message }) => ({
      id: webhookEventId,
      type,
      occurredAt: timestamp,
      data: {
        mode,
        source_type: source?.type,
        user_id: source?.userId,
        group_id: source?.groupId ?? source?.roomId,
        message_id: message?.id,
        message_type: message?.type,
      },
    }),
  });

import * as v from 'valibot';
import { jwtSignature } from '../signature/jwt.ts';
import { defineProvider } from './define-provider.ts';
import { joinedId } from './event-id.ts';
import { ifValid, isoTime, name, object, text } from './fields.ts';

/**
 * Push subscriptions of Google Cloud Pub/Sub, also those of Google Play and Gmail, with the wrapped form of messages. A
 * token proves who sent a request, but covers no part of the body.
 * @see https://developers.google.com/identity/openid-connect/openid-connect#discovery
 */
export const googlePubsub = () =>
  defineProvider({
    title: 'Google Pub/Sub',
    documentation: 'https://cloud.google.com/pubsub/docs/authenticate-push-subscriptions',
    signature: jwtSignature({
      header: 'authorization',
      prefix: 'Bearer ',
      algorithms: ['RS256'],
      keySetUrl: new URL('https://www.googleapis.com/oauth2/v3/certs'),
      issuer: 'https://accounts.google.com',
      audience: ({ audience }) => audience ?? '',
      claims: ({ serviceAccount }) => ({ email: serviceAccount ?? '', email_verified: true }),
      lifetimeSeconds: 3_600,
    }),
    settings: {
      serviceAccount: {
        description: 'The email address of the service account that the subscription authenticates with.',
        pattern: /^[a-z0-9.-]{1,64}@[a-z0-9.-]{1,128}$/,
        example: 'pubsub-push@harbor-books.iam.gserviceaccount.com',
      },
      audience: {
        description: "The subscription's audience. Google's default for it is the endpoint URL.",
        pattern: /^[\x21-\x7e]{1,256}$/,
        example: 'https://hooks.example.com/webhooks/google-pubsub',
      },
    },
    eventIdLabel: 'subscription + message.messageId',
    eventTime: { label: 'message.publishTime', isSigned: false },
    immutable: false,
    schema: object({
      subscription: ifValid(text(1, 1_024)),
      message: v.object({
        messageId: name(),
        publishTime: ifValid(isoTime()),
        orderingKey: ifValid(text(1, 1_024)),
        attributes: ifValid(v.object({ eventType: ifValid(name()) })),
      }),
    }),
    event: ({ subscription, message: { messageId, publishTime, orderingKey, attributes } }) => ({
      id: joinedId([subscription, messageId]),
      type: attributes?.eventType,
      occurredAt: publishTime,
      data: { subscription, ordering_key: orderingKey },
    }),
  });

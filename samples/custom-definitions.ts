import type { CustomDefinition, CustomEvent } from '../lambda/providers/custom/custom-definition.ts';
import type { ProviderName } from '../lambda/providers/index.ts';

/**
 * Providers whose signature no definition describes: PayPal, SNS and App Store sign with a certificate, Twilio and Adyen
 * sign what was parsed, Recurly's header has parts without names, and monday.com's token has no hash of the body.
 */
export const NOT_AS_DATA = [
  'adyen',
  'app-store',
  'monday',
  'paypal',
  'recurly',
  'sns',
  'twilio',
] as const satisfies readonly ProviderName[];

const JSON_AND_FORMS = ['application/json', 'application/x-www-form-urlencoded'];

const ISO_TIMESTAMP = { pointer: '/timestamp', format: 'iso' } as const;

/** Standard Webhooks, with the headers of an implementation. */
const standardWebhooks = (
  prefix: string,
  event: Omit<CustomEvent, 'id'>,
  key: 'whsec_' | 'text' = 'whsec_',
): CustomDefinition => ({
  signature: {
    algorithm: 'hmac-sha256',
    header: `${prefix}-Signature`,
    separator: ' ',
    prefix: 'v1,',
    encoding: 'base64',
    key,
    id: { header: `${prefix}-Id` },
    timestamp: { header: `${prefix}-Timestamp` },
    content: '{id}.{timestamp}.{body}',
  },
  event: { id: { header: `${prefix}-Id` }, type: { pointer: '/type' }, immutable: true, ...event },
});

/** The schemes of the built-in providers as definitions of custom sources. Each reads the sample of its provider. */
export const customDefinitions: Readonly<
  Record<Exclude<ProviderName, (typeof NOT_AS_DATA)[number]>, CustomDefinition>
> = {
  airtable: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'X-Airtable-Content-MAC',
      prefix: 'hmac-sha256=',
      key: 'base64',
    },
    event: {
      id: [{ pointer: '/webhook/id' }, { pointer: '/timestamp' }],
      time: { pointer: '/timestamp', format: 'iso' },
    },
    acknowledgement: { status: 204 },
  },
  asana: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Hook-Signature' },
    event: {
      batch: '/events',
      id: { hash: 'body' },
      type: [{ pointer: '/resource/resource_type' }, { pointer: '/action' }],
      time: { pointer: '/created_at', format: 'iso' },
    },
    handshakes: [
      {
        method: 'POST',
        secret: true,
        challenge: { header: 'X-Hook-Secret' },
        answer: { header: 'X-Hook-Secret' },
      },
    ],
  },
  bitbucket: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Hub-Signature', prefix: 'sha256=' },
    event: {
      id: { header: 'X-Request-UUID' },
      type: { header: 'X-Event-Key' },
      time: { pointer: '/date', format: 'iso' },
      data: { repository: { pointer: '/repository/full_name' } },
    },
  },
  box: {
    signature: {
      algorithm: 'hmac-sha256',
      encoding: 'base64',
      header: ['Box-Signature-Primary', 'Box-Signature-Secondary'],
      timestamp: { header: 'Box-Delivery-Timestamp', format: 'iso', toleranceSeconds: 600 },
      content: '{body}{timestamp}',
    },
    event: {
      id: { pointer: '/id' },
      type: { pointer: '/trigger' },
      time: { pointer: '/created_at', format: 'iso' },
    },
  },
  brex: standardWebhooks('Webhook', { type: { pointer: '/event_type' } }),
  buildkite: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'X-Buildkite-Signature',
      separator: ',',
      prefix: 'signature=',
      timestamp: { prefix: 'timestamp=' },
      content: '{timestamp}.{body}',
    },
    event: { id: { hash: 'body' }, type: { pointer: '/event' } },
  },
  calendly: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'Calendly-Webhook-Signature',
      separator: ',',
      prefix: 'v1=',
      timestamp: { prefix: 't=', toleranceSeconds: 90_000 },
      content: '{timestamp}.{body}',
    },
    event: {
      id: [{ pointer: '/event' }, { pointer: '/payload/uri' }, { pointer: '/created_at' }],
      type: { pointer: '/event' },
      time: { pointer: '/created_at', format: 'iso' },
    },
  },
  chargebee: {
    signature: { algorithm: 'basic' },
    event: {
      id: { pointer: '/id' },
      type: { pointer: '/event_type' },
      time: { pointer: '/occurred_at', format: 'seconds' },
    },
  },
  circleci: {
    signature: { algorithm: 'hmac-sha256', header: 'CircleCI-Signature', separator: ',', prefix: 'v1=' },
    event: {
      id: { pointer: '/id' },
      type: { pointer: '/type' },
      time: { pointer: '/happened_at', format: 'iso' },
    },
  },
  clerk: standardWebhooks('Svix', { time: { pointer: '/timestamp', format: 'milliseconds' } }),
  'customer-io': {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'X-CIO-Signature',
      timestamp: { header: 'X-CIO-Timestamp', toleranceSeconds: 604_800 },
      content: 'v0:{timestamp}:{body}',
    },
    event: {
      id: { pointer: '/event_id' },
      type: [{ pointer: '/object_type' }, { pointer: '/metric' }],
      time: { pointer: '/timestamp', format: 'seconds' },
    },
  },
  discord: {
    signature: {
      algorithm: 'ed25519',
      key: 'hex',
      header: 'X-Signature-Ed25519',
      timestamp: { header: 'X-Signature-Timestamp', toleranceSeconds: 900 },
      content: '{timestamp}{body}',
    },
    event: { id: { hash: 'body' }, type: { pointer: '/event/type' } },
    handshakes: [
      {
        method: 'POST',
        when: [{ pointer: '/type', equals: 0 }],
        answer: { status: 204 },
      },
    ],
    acknowledgement: { status: 204 },
  },
  docusign: {
    signature: {
      algorithm: 'hmac-sha256',
      header: ['X-DocuSign-Signature-1', 'X-DocuSign-Signature-2', 'X-DocuSign-Signature-3'],
      encoding: 'base64',
    },
    event: {
      id: [{ pointer: '/data/envelopeId' }, { pointer: '/event' }, { pointer: '/generatedDateTime' }],
      type: { pointer: '/event' },
      time: { pointer: '/generatedDateTime', format: 'iso' },
    },
  },
  dropbox: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Dropbox-Signature' },
    event: { id: { hash: 'body' } },
    handshakes: [{ method: 'GET', challenge: { query: 'challenge' }, answer: { text: '{challenge}' } }],
  },
  fusionauth: {
    signature: {
      algorithm: 'jwt',
      header: 'X-FusionAuth-Signature-JWT',
      bodyHash: { claim: 'request_body_sha256', encoding: 'base64' },
    },
    event: {
      id: { pointer: '/event/id' },
      type: { pointer: '/event/type' },
      time: { pointer: '/event/createInstant', format: 'milliseconds' },
    },
  },
  generic: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Signature', prefix: 'sha256=' },
    event: {
      id: { pointer: '/event_id' },
      type: { pointer: '/action' },
      time: { pointer: '/timestamp', format: 'seconds' },
      immutable: true,
      data: {
        user_id: { pointer: '/user_id' },
        action: { pointer: '/action' },
        timestamp: { pointer: '/timestamp', type: 'integer' },
      },
      schema: {
        type: 'object',
        required: ['event_id', 'user_id', 'action', 'timestamp'],
        properties: {
          event_id: { type: 'string', minLength: 1, maxLength: 64 },
          user_id: { type: 'string', minLength: 1, maxLength: 64 },
          action: { type: 'string', minLength: 1, maxLength: 32 },
          timestamp: { type: 'integer', minimum: 0 },
        },
      },
    },
  },
  github: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Hub-Signature-256', prefix: 'sha256=' },
    event: {
      id: [{ header: 'X-GitHub-Delivery' }, { header: 'X-GitHub-Hook-ID' }],
      type: [{ header: 'X-GitHub-Event' }, { pointer: '/action' }],
      contentTypes: JSON_AND_FORMS,
      formField: 'payload',
      data: {
        action: { pointer: '/action' },
        repository: { pointer: '/repository/full_name' },
        sender: { pointer: '/sender/login' },
      },
    },
  },
  gitlab: {
    signature: { algorithm: 'token', header: 'X-Gitlab-Token' },
    event: { id: { header: 'Idempotency-Key' }, type: { header: 'X-Gitlab-Event' } },
  },
  gocardless: {
    signature: { algorithm: 'hmac-sha256', header: 'Webhook-Signature' },
    event: {
      batch: '/events',
      id: { pointer: '/id' },
      type: [{ pointer: '/resource_type' }, { pointer: '/action' }],
      time: { pointer: '/created_at', format: 'iso' },
    },
  },
  'google-pubsub': {
    signature: {
      algorithm: 'jwt',
      jws: 'RS256',
      header: 'Authorization',
      prefix: 'Bearer ',
      keySetUrl: 'https://www.googleapis.com/oauth2/v3/certs',
      issuer: 'https://accounts.google.com',
      audience: 'https://hooks.example.com/webhooks/google-pubsub',
      claims: { email: 'pubsub-push@harbor-books.iam.gserviceaccount.com', email_verified: true },
      lifetimeSeconds: 3_600,
    },
    event: {
      id: [{ pointer: '/subscription' }, { pointer: '/message/messageId' }],
      type: { pointer: '/message/attributes/eventType' },
      time: { pointer: '/message/publishTime', format: 'iso' },
    },
  },
  hubspot: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'X-HubSpot-Signature-v3',
      encoding: 'base64',
      timestamp: { header: 'X-HubSpot-Request-Timestamp', format: 'milliseconds' },
      content: '{method}{url}{body}{timestamp}',
    },
    event: {
      batch: '',
      id: [{ pointer: '/eventId' }, { pointer: '/subscriptionId' }, { pointer: '/occurredAt' }],
      type: { pointer: '/subscriptionType' },
      time: { pointer: '/occurredAt', format: 'milliseconds' },
    },
  },
  'incident-io': standardWebhooks('Svix', { type: { pointer: '/event_type' } }),
  intercom: {
    signature: { algorithm: 'hmac-sha1', header: 'X-Hub-Signature', prefix: 'sha1=' },
    event: {
      id: { pointer: '/id' },
      type: { pointer: '/topic' },
      time: { pointer: '/created_at', format: 'seconds' },
    },
    handshakes: [{ method: 'HEAD', answer: {} }],
  },
  'lemon-squeezy': {
    signature: { algorithm: 'hmac-sha256', header: 'X-Signature' },
    event: {
      id: { hash: 'body' },
      type: { pointer: '/meta/event_name' },
      time: { pointer: '/data/attributes/updated_at', format: 'iso' },
    },
  },
  line: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Line-Signature', encoding: 'base64' },
    event: {
      batch: '/events',
      id: { pointer: '/webhookEventId' },
      type: { pointer: '/type' },
      time: { pointer: '/timestamp', format: 'milliseconds' },
    },
  },
  linear: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'Linear-Signature',
      timestamp: { pointer: '/webhookTimestamp', format: 'milliseconds', toleranceSeconds: 60 },
    },
    event: {
      id: { header: 'Linear-Delivery' },
      type: [{ pointer: '/type' }, { pointer: '/action' }],
      time: { pointer: '/createdAt', format: 'iso' },
    },
  },
  mailgun: {
    signature: {
      algorithm: 'hmac-sha256',
      pointer: '/signature/signature',
      timestamp: { pointer: '/signature/timestamp', toleranceSeconds: 32_400 },
      id: { pointer: '/signature/token' },
      content: '{timestamp}{id}',
    },
    event: {
      id: { pointer: '/signature/token' },
      type: { pointer: '/event-data/event' },
      time: { pointer: '/event-data/timestamp', format: 'seconds' },
    },
  },
  meta: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Hub-Signature-256', prefix: 'sha256=' },
    event: { batch: '/entry', id: { hash: 'body' } },
    handshakes: [
      {
        method: 'GET',
        when: [
          { query: 'hub.mode', equals: 'subscribe' },
          { query: 'hub.verify_token', equals: 'a-verify-token-of-your-choice' },
        ],
        challenge: { query: 'hub.challenge' },
        answer: { text: '{challenge}' },
      },
    ],
  },
  'microsoft-graph': {
    signature: { algorithm: 'token', pointer: '/clientState' },
    event: { batch: '/value', id: { pointer: '/id' }, type: { pointer: '/changeType' } },
    handshakes: [
      { method: 'POST', signed: false, challenge: { query: 'validationToken' }, answer: { text: '{challenge}' } },
    ],
  },
  netlify: {
    signature: {
      algorithm: 'jwt',
      header: 'X-Webhook-Signature',
      issuer: 'netlify',
      bodyHash: { claim: 'sha256' },
    },
    event: {
      id: [{ header: 'X-Netlify-Event' }, { pointer: '/id' }, { pointer: '/state' }, { pointer: '/updated_at' }],
      type: { header: 'X-Netlify-Event' },
      time: { pointer: '/updated_at', format: 'iso' },
    },
  },
  notion: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Notion-Signature', prefix: 'sha256=' },
    event: {
      id: { pointer: '/id' },
      type: { pointer: '/type' },
      time: { pointer: '/timestamp', format: 'iso' },
    },
    handshakes: [{ method: 'POST', secret: true, challenge: { pointer: '/verification_token' }, answer: {} }],
  },
  okta: {
    signature: { algorithm: 'token', header: 'Authorization' },
    event: {
      batch: '/data/events',
      id: { pointer: '/uuid' },
      type: { pointer: '/eventType' },
      time: { pointer: '/published', format: 'iso' },
    },
    handshakes: [
      {
        method: 'GET',
        signed: true,
        challenge: { header: 'X-Okta-Verification-Challenge' },
        answer: { json: { verification: '{challenge}' } },
      },
    ],
    acknowledgement: { status: 204 },
  },
  openai: standardWebhooks('Webhook', { time: { pointer: '/created_at', format: 'seconds' } }),
  paddle: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'Paddle-Signature',
      separator: ';',
      prefix: 'h1=',
      timestamp: { prefix: 'ts=', toleranceSeconds: 60 },
      content: '{timestamp}:{body}',
    },
    event: {
      id: { pointer: '/event_id' },
      type: { pointer: '/event_type' },
      time: { pointer: '/occurred_at', format: 'iso' },
    },
  },
  pagerduty: {
    signature: { algorithm: 'hmac-sha256', header: 'X-PagerDuty-Signature', separator: ',', prefix: 'v1=' },
    event: {
      id: { pointer: '/event/id' },
      type: { pointer: '/event/event_type' },
      time: { pointer: '/event/occurred_at', format: 'iso' },
    },
  },
  paystack: {
    signature: { algorithm: 'hmac-sha512', header: 'X-Paystack-Signature' },
    event: { id: { hash: 'body' }, type: { pointer: '/event' } },
  },
  persona: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'Persona-Signature',
      separator: [' ', ','],
      prefix: 'v1=',
      timestamp: { prefix: 't=' },
      content: '{timestamp}.{body}',
    },
    event: {
      id: { pointer: '/data/id' },
      type: { pointer: '/data/attributes/name' },
      time: { pointer: '/data/attributes/created-at', format: 'iso' },
    },
  },
  polar: standardWebhooks('Webhook', { time: ISO_TIMESTAMP }, 'text'),
  razorpay: {
    signature: { algorithm: 'hmac-sha256', header: 'X-Razorpay-Signature' },
    event: {
      id: { hash: 'body' },
      type: { pointer: '/event' },
      time: { pointer: '/created_at', format: 'seconds' },
    },
  },
  render: standardWebhooks('Webhook', { time: ISO_TIMESTAMP }),
  replicate: standardWebhooks('Webhook', { type: { pointer: '/status' } }),
  resend: standardWebhooks('Svix', { time: { pointer: '/created_at', format: 'iso' } }),
  revenuecat: {
    signature: { algorithm: 'token', header: 'Authorization' },
    event: {
      id: { pointer: '/event/id' },
      type: { pointer: '/event/type' },
      time: { pointer: '/event/event_timestamp_ms', format: 'milliseconds' },
    },
  },
  segment: {
    signature: { algorithm: 'hmac-sha1', header: 'X-Signature' },
    event: {
      id: { pointer: '/messageId' },
      type: { pointer: '/type' },
      time: { pointer: '/receivedAt', format: 'iso' },
    },
  },
  sendgrid: {
    signature: {
      algorithm: 'ecdsa-p256',
      encoding: 'base64',
      key: 'base64',
      header: 'X-Twilio-Email-Event-Webhook-Signature',
      timestamp: { header: 'X-Twilio-Email-Event-Webhook-Timestamp', toleranceSeconds: 90_000 },
      content: '{timestamp}{body}',
    },
    event: {
      batch: '',
      id: { pointer: '/sg_event_id' },
      type: { pointer: '/event' },
      time: { pointer: '/timestamp', format: 'seconds' },
    },
  },
  sentry: {
    signature: { algorithm: 'hmac-sha256', header: 'Sentry-Hook-Signature' },
    event: {
      id: { header: 'Request-ID' },
      type: [{ header: 'Sentry-Hook-Resource' }, { pointer: '/action' }],
    },
  },
  shopify: {
    signature: {
      algorithm: 'hmac-sha256',
      encoding: 'base64',
      header: ['X-Shopify-Hmac-SHA256', 'Shopify-Hmac-SHA256'],
    },
    event: {
      id: { header: 'X-Shopify-Webhook-Id' },
      type: { header: 'X-Shopify-Topic' },
      time: { header: 'X-Shopify-Triggered-At', format: 'iso' },
      immutable: true,
    },
  },
  slack: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'X-Slack-Signature',
      prefix: 'v0=',
      timestamp: { header: 'X-Slack-Request-Timestamp' },
      content: 'v0:{timestamp}:{body}',
    },
    event: {
      id: { pointer: '/event_id' },
      type: { pointer: '/event/type' },
      time: { pointer: '/event_time', format: 'seconds' },
    },
    handshakes: [
      {
        method: 'POST',
        when: [{ pointer: '/type', equals: 'url_verification' }],
        challenge: { pointer: '/challenge' },
        answer: { json: { challenge: '{challenge}' } },
      },
    ],
  },
  square: {
    signature: {
      algorithm: 'hmac-sha256',
      encoding: 'base64',
      header: 'X-Square-HmacSha256-Signature',
      content: '{url}{body}',
    },
    event: {
      id: { pointer: '/event_id' },
      type: { pointer: '/type' },
      time: { pointer: '/created_at', format: 'iso' },
    },
  },
  'standard-webhooks': standardWebhooks('Webhook', { time: ISO_TIMESTAMP }),
  stripe: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'Stripe-Signature',
      separator: ',',
      prefix: 'v1=',
      timestamp: { prefix: 't=' },
      content: '{timestamp}.{body}',
    },
    event: {
      id: { pointer: '/id' },
      type: { pointer: '/type' },
      time: { pointer: '/created', format: 'seconds' },
      data: { livemode: { pointer: '/livemode', type: 'boolean' }, object_id: { pointer: '/data/object/id' } },
    },
  },
  supabase: standardWebhooks('Webhook', {}),
  svix: standardWebhooks('Svix', { time: ISO_TIMESTAMP }),
  telegram: {
    signature: { algorithm: 'token', header: 'X-Telegram-Bot-Api-Secret-Token' },
    event: { id: { pointer: '/update_id' } },
  },
  telnyx: {
    signature: {
      algorithm: 'ed25519',
      encoding: 'base64',
      key: 'base64',
      header: 'Telnyx-Signature-Ed25519',
      timestamp: { header: 'Telnyx-Timestamp' },
      content: '{timestamp}|{body}',
    },
    event: {
      id: { pointer: '/data/id' },
      type: { pointer: '/data/event_type' },
      time: { pointer: '/data/occurred_at', format: 'iso' },
    },
  },
  tiktok: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'TikTok-Signature',
      separator: ',',
      prefix: 's=',
      timestamp: { prefix: 't=', toleranceSeconds: 262_800 },
      content: '{timestamp}.{body}',
    },
    event: {
      id: { hash: 'body' },
      type: { pointer: '/event' },
      time: { pointer: '/create_time', format: 'seconds' },
    },
  },
  trello: {
    signature: {
      algorithm: 'hmac-sha1',
      encoding: 'base64',
      header: 'X-Trello-Webhook',
      content: '{body}{url}',
    },
    event: {
      id: [{ pointer: '/action/id' }, { pointer: '/model/id' }],
      type: { pointer: '/action/type' },
      time: { pointer: '/action/date', format: 'iso' },
    },
    handshakes: [{ method: 'HEAD', answer: {} }],
  },
  twitch: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'Twitch-Eventsub-Message-Signature',
      prefix: 'sha256=',
      id: { header: 'Twitch-Eventsub-Message-Id' },
      timestamp: { header: 'Twitch-Eventsub-Message-Timestamp', format: 'iso', toleranceSeconds: 600 },
      content: '{id}{timestamp}{body}',
    },
    event: { id: { header: 'Twitch-Eventsub-Message-Id' }, type: { pointer: '/subscription/type' } },
    handshakes: [
      {
        method: 'POST',
        when: [{ header: 'Twitch-Eventsub-Message-Type', equals: 'webhook_callback_verification' }],
        challenge: { pointer: '/challenge' },
        answer: { text: '{challenge}' },
      },
    ],
  },
  typeform: {
    signature: { algorithm: 'hmac-sha256', header: 'Typeform-Signature', prefix: 'sha256=', encoding: 'base64' },
    event: {
      id: { pointer: '/event_id' },
      type: { pointer: '/event_type' },
      time: { pointer: '/form_response/submitted_at', format: 'iso' },
    },
  },
  vercel: {
    signature: { algorithm: 'hmac-sha1', header: 'X-Vercel-Signature' },
    event: {
      id: { pointer: '/id' },
      type: { pointer: '/type' },
      time: { pointer: '/createdAt', format: 'milliseconds' },
    },
  },
  woocommerce: {
    signature: { algorithm: 'hmac-sha256', encoding: 'base64', header: 'X-WC-Webhook-Signature' },
    event: { id: { hash: 'body' }, type: { header: 'X-WC-Webhook-Topic' } },
  },
  x: {
    signature: {
      algorithm: 'hmac-sha256',
      encoding: 'base64',
      header: ['X-Twitter-Webhooks-Signature-OAuth2', 'X-Twitter-Webhooks-Signature'],
      prefix: 'sha256=',
    },
    event: { id: { hash: 'body' } },
    handshakes: [
      {
        method: 'GET',
        challenge: { query: 'crc_token' },
        answer: { json: { response_token: 'sha256={hmac}' } },
      },
    ],
  },
  xero: {
    signature: { algorithm: 'hmac-sha256', encoding: 'base64', header: 'X-Xero-Signature' },
    event: {
      batch: '/events',
      id: [
        { pointer: '/tenantId' },
        { pointer: '/eventCategory' },
        { pointer: '/eventType' },
        { pointer: '/resourceId' },
        { pointer: '/eventDateUtc' },
      ],
      type: [{ pointer: '/eventCategory' }, { pointer: '/eventType' }],
    },
    acknowledgement: { status: 200 },
  },
  zendesk: {
    signature: {
      algorithm: 'hmac-sha256',
      encoding: 'base64',
      header: 'X-Zendesk-Webhook-Signature',
      timestamp: { header: 'X-Zendesk-Webhook-Signature-Timestamp', format: 'iso' },
      content: '{timestamp}{body}',
    },
    event: { id: { pointer: '/id' }, type: { pointer: '/type' }, time: { pointer: '/time', format: 'iso' } },
  },
  zoom: {
    signature: {
      algorithm: 'hmac-sha256',
      header: 'X-Zm-Signature',
      prefix: 'v0=',
      timestamp: { header: 'X-Zm-Request-Timestamp', toleranceSeconds: 7_200 },
      content: 'v0:{timestamp}:{body}',
    },
    event: {
      id: { hash: 'body' },
      type: { pointer: '/event' },
      time: { pointer: '/event_ts', format: 'milliseconds' },
    },
    handshakes: [
      {
        method: 'POST',
        when: [{ pointer: '/event', equals: 'endpoint.url_validation' }],
        challenge: { pointer: '/payload/plainToken' },
        answer: { json: { plainToken: '{challenge}', encryptedToken: '{hmac}' } },
      },
    ],
  },
};

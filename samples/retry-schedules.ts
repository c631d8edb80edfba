import type { ProviderName } from '../lambda/providers/index.ts';

/**
 * After which outcomes a provider sends an event again.
 * - `any`: everything but a 2xx, no response in time, no connection
 * - `server`: a 5xx or a 429, no response in time, no connection
 * - `temporary`: a 408, 409, 423, 429 or 503, no response in time, no connection
 * - `connection`: no connection, and nothing else
 */
export type RetriedOutcome = 'any' | 'server' | 'temporary' | 'connection';

/**
 * How far the provider documents its retries.
 * - `documented`: number and times
 * - `partly`: how long they go on or how many they are; the times are ours
 * - `undocumented`: nothing, so none are assumed
 * - `chosen`: the sender decides; the times are a common choice
 */
export type ScheduleBasis = 'documented' | 'partly' | 'undocumented' | 'chosen';

/** When a provider sends an event again that was not acknowledged. */
export interface RetrySchedule {
  /** How long it waits for a response, in seconds. */
  readonly timeoutSeconds: number;
  /** The time from each failed attempt to the next one, in seconds. Empty for a provider that never retries. */
  readonly delaysSeconds: readonly number[];
  readonly retriedAfter: RetriedOutcome;
  /** Whether each attempt is signed again, with its own time, or all are the same bytes. */
  readonly signs: 'each attempt' | 'once';
  readonly basis: ScheduleBasis;
  /** What the schedule leaves out. */
  readonly note?: string;
  /** Where it is documented. */
  readonly source: string;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/**
 * Delays that grow by the same factor and sum up to a time.
 * @param times so many delays
 * @param first in seconds
 * @param total in seconds
 */
function backoff(times: number, first: number, total: number): readonly number[] {
  const sum = (factor: number) => (first * (factor ** times - 1)) / (factor - 1);
  let [low, high] = [1.000_001, 16];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (sum(middle) < total) low = middle;
    else high = middle;
  }
  return Array.from({ length: times }, (_, index) => Math.round(first * low ** index));
}

const every = (seconds: number, total: number) => Array.from({ length: Math.floor(total / seconds) }, () => seconds);

/** The delays of Svix, which many senders use. https://docs.svix.com/retries */
const SVIX_DELAYS = [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 10 * HOUR];

/** The schedule of each provider. */
export const RETRY_SCHEDULES: Readonly<Record<ProviderName, RetrySchedule>> = {
  adyen: {
    timeoutSeconds: 10,
    delaysSeconds: [
      ...[2, 5, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE),
      ...every(8 * HOUR, 29 * DAY),
    ],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    note: 'Only the earliest event that failed is sent again; later ones follow it.',
    source: 'https://docs.adyen.com/development-resources/webhooks/troubleshoot/',
  },
  airtable: {
    timeoutSeconds: 10,
    delaysSeconds: backoff(8, 10, DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://airtable.com/developers/web/api/webhooks-overview',
  },
  'app-store': {
    timeoutSeconds: 10,
    delaysSeconds: [HOUR, 12 * HOUR, 24 * HOUR, 48 * HOUR, 72 * HOUR],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source:
      'https://developer.apple.com/documentation/appstoreservernotifications/responding-to-app-store-server-notifications',
  },
  asana: {
    timeoutSeconds: 10,
    delaysSeconds: backoff(12, 30, DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    note: 'Asana deletes a webhook to which it cannot deliver for 24 hours.',
    source: 'https://developers.asana.com/docs/webhooks-guide',
  },
  bitbucket: {
    timeoutSeconds: 10,
    delaysSeconds: [MINUTE, 5 * MINUTE],
    retriedAfter: 'server',
    signs: 'once',
    basis: 'partly',
    note: 'Bitbucket Cloud; Data Center never sends an event again.',
    source: 'https://support.atlassian.com/bitbucket-cloud/docs/troubleshoot-webhooks/',
  },
  box: {
    timeoutSeconds: 30,
    delaysSeconds: backoff(12, 10, 2 * HOUR),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://developer.box.com/guides/webhooks/v2/',
  },
  brex: {
    timeoutSeconds: 15,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'undocumented',
    source: 'https://developer.brex.com/docs/webhooks',
  },
  buildkite: {
    timeoutSeconds: 10,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'undocumented',
    source: 'https://buildkite.com/docs/apis/webhooks/pipelines',
  },
  calendly: {
    timeoutSeconds: 15,
    delaysSeconds: backoff(12, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://developer.calendly.com/api-docs/overview/webhooks/webhook-errors',
  },
  chargebee: {
    timeoutSeconds: 60,
    delaysSeconds: [2 * MINUTE, 6 * MINUTE, 30 * MINUTE, HOUR, 5 * HOUR, DAY, 2 * DAY],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    source:
      'https://support.chargebee.com/support/solutions/articles/257941-at-which-rate-can-we-expect-the-webhook-calls-in-chargebee-will-there-be-any-performance-disruption',
  },
  circleci: {
    timeoutSeconds: 5,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'undocumented',
    note: 'CircleCI tries again later, but does not document when.',
    source: 'https://circleci.com/docs/guides/integration/outbound-webhooks/',
  },
  clerk: {
    timeoutSeconds: 15,
    delaysSeconds: SVIX_DELAYS,
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://docs.svix.com/retries',
  },
  'customer-io': {
    timeoutSeconds: 4,
    delaysSeconds: [...backoff(8, MINUTE, DAY), ...every(12 * HOUR, 6 * DAY)],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    note: 'Later events wait until the one that failed is accepted.',
    source: 'https://docs.customer.io/integrations/api/webhooks/',
  },
  discord: {
    timeoutSeconds: 3,
    delaysSeconds: backoff(5, 15, 10 * MINUTE),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    note: 'Webhook events; interactions are never sent again.',
    source: 'https://docs.discord.com/developers/events/webhook-events',
  },
  docusign: {
    timeoutSeconds: 100,
    delaysSeconds: backoff(14, 5 * MINUTE, 15 * DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://developers.docusign.com/platform/webhooks/connect/',
  },
  dropbox: {
    timeoutSeconds: 10,
    delaysSeconds: backoff(5, 10, 10 * MINUTE),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://www.dropbox.com/developers/reference/webhooks',
  },
  fusionauth: {
    timeoutSeconds: 2,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'undocumented',
    source: 'https://fusionauth.io/docs/extend/events-and-webhooks/',
  },
  generic: {
    timeoutSeconds: 10,
    delaysSeconds: [10, MINUTE, 10 * MINUTE, HOUR],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'chosen',
    source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  },
  github: {
    timeoutSeconds: 10,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    source: 'https://docs.github.com/webhooks/using-webhooks/handling-failed-webhook-deliveries',
  },
  gitlab: {
    timeoutSeconds: 10,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    source: 'https://docs.gitlab.com/user/project/integrations/webhooks/',
  },
  gocardless: {
    timeoutSeconds: 10,
    delaysSeconds: [MINUTE, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://support.gocardless.com/hc/en-nz/articles/360000989989-Webhook-retries-failures',
  },
  'google-pubsub': {
    timeoutSeconds: 10,
    delaysSeconds: backoff(40, 10, 7 * DAY),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    note: 'The subscription sets its own retry policy and retention.',
    source: 'https://cloud.google.com/pubsub/docs/handling-failures',
  },
  hubspot: {
    timeoutSeconds: 5,
    delaysSeconds: backoff(10, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://developers.hubspot.com/docs/api-reference/legacy/webhooks/guide',
  },
  'incident-io': {
    timeoutSeconds: 15,
    delaysSeconds: SVIX_DELAYS,
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://docs.incident.io/integrations/webhooks',
  },
  intercom: {
    timeoutSeconds: 5,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'undocumented',
    source: 'https://developers.intercom.com/docs/webhooks/webhook-notifications',
  },
  'lemon-squeezy': {
    timeoutSeconds: 10,
    delaysSeconds: [5, 25, 125],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    source: 'https://docs.lemonsqueezy.com/help/webhooks/webhook-requests',
  },
  line: {
    timeoutSeconds: 2,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'undocumented',
    note: 'Redelivery is an option of the channel. LINE does not publish its number and times.',
    source: 'https://developers.line.biz/en/docs/messaging-api/receiving-messages/#webhook-redelivery',
  },
  linear: {
    timeoutSeconds: 5,
    delaysSeconds: [MINUTE, HOUR, 6 * HOUR],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://linear.app/developers/webhooks',
  },
  mailgun: {
    timeoutSeconds: 10,
    delaysSeconds: [10, 10, 15, 30, 60, 120, 240].map((minutes) => minutes * MINUTE),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    source: 'https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/webhooks',
  },
  meta: {
    timeoutSeconds: 20,
    delaysSeconds: backoff(10, 1, 36 * HOUR),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    note: 'WhatsApp goes on for 7 days.',
    source: 'https://developers.facebook.com/docs/graph-api/webhooks/getting-started',
  },
  'microsoft-graph': {
    timeoutSeconds: 10,
    delaysSeconds: backoff(8, 30, 4 * HOUR),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://learn.microsoft.com/graph/change-notifications-delivery-webhooks',
  },
  monday: {
    timeoutSeconds: 10,
    delaysSeconds: every(MINUTE, 30 * MINUTE),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://developer.monday.com/api-reference/docs/webhooks',
  },
  netlify: {
    timeoutSeconds: 10,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'undocumented',
    source: 'https://docs.netlify.com/site-deploys/notifications/',
  },
  notion: {
    timeoutSeconds: 10,
    delaysSeconds: backoff(8, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://developers.notion.com/reference/webhooks-events-delivery#delivery-retries',
  },
  okta: {
    timeoutSeconds: 3,
    delaysSeconds: [1],
    retriedAfter: 'server',
    signs: 'once',
    basis: 'documented',
    source: 'https://developer.okta.com/docs/concepts/event-hooks/',
  },
  openai: {
    timeoutSeconds: 5,
    delaysSeconds: backoff(12, MINUTE, 3 * DAY),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://platform.openai.com/docs/guides/webhooks',
  },
  paddle: {
    timeoutSeconds: 5,
    delaysSeconds: [...every(MINUTE, 20 * MINUTE), ...every(90 * MINUTE, 60 * HOUR)],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://developer.paddle.com/webhooks/about/respond-to-webhooks',
  },
  pagerduty: {
    timeoutSeconds: 5,
    delaysSeconds: [],
    retriedAfter: 'server',
    signs: 'once',
    basis: 'undocumented',
    source: 'https://support.pagerduty.com/main/docs/webhooks',
  },
  paypal: {
    timeoutSeconds: 30,
    delaysSeconds: backoff(25, MINUTE, 3 * DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://developer.paypal.com/api/rest/webhooks/',
  },
  paystack: {
    timeoutSeconds: 30,
    delaysSeconds: [...every(3 * MINUTE, 12 * MINUTE), ...every(HOUR, 72 * HOUR)],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    note: 'In test mode, it retries every hour for 10 hours.',
    source: 'https://paystack.com/docs/payments/webhooks/',
  },
  persona: {
    timeoutSeconds: 10,
    delaysSeconds: [3, 66, 731, 4_098, 15_627, 46_658, 117_651, 262_146],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://docs.withpersona.com/docs/webhooks',
  },
  polar: {
    timeoutSeconds: 20,
    delaysSeconds: backoff(10, 5, 6 * HOUR),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://polar.sh/docs/integrate/webhooks/delivery',
  },
  razorpay: {
    timeoutSeconds: 5,
    delaysSeconds: backoff(10, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://razorpay.com/docs/webhooks/best-practices/',
  },
  recurly: {
    timeoutSeconds: 5,
    delaysSeconds: backoff(10, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://docs.recurly.com/docs/overview-webhooks',
  },
  render: {
    timeoutSeconds: 15,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'undocumented',
    source: 'https://render.com/docs/webhooks',
  },
  replicate: {
    timeoutSeconds: 5,
    delaysSeconds: backoff(4, 4, MINUTE),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    note: 'Only the last state of a prediction is sent again.',
    source: 'https://replicate.com/docs/topics/webhooks/receive-webhook',
  },
  resend: {
    timeoutSeconds: 15,
    delaysSeconds: SVIX_DELAYS,
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://docs.svix.com/retries',
  },
  revenuecat: {
    timeoutSeconds: 60,
    delaysSeconds: [5, 10, 20, 40, 80].map((minutes) => minutes * MINUTE),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    source: 'https://www.revenuecat.com/docs/integrations/webhooks',
  },
  segment: {
    timeoutSeconds: 10,
    delaysSeconds: backoff(9, 10, 4 * HOUR),
    retriedAfter: 'server',
    signs: 'once',
    basis: 'partly',
    source: 'https://segment.com/docs/connections/destinations/catalog/webhooks/',
  },
  sendgrid: {
    timeoutSeconds: 10,
    delaysSeconds: backoff(12, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook',
  },
  sentry: {
    timeoutSeconds: 1,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'undocumented',
    source: 'https://docs.sentry.io/organization/integrations/integration-platform/webhooks/',
  },
  shopify: {
    timeoutSeconds: 5,
    delaysSeconds: backoff(8, MINUTE, 4 * HOUR),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://shopify.dev/docs/apps/build/webhooks/troubleshooting-webhooks',
  },
  slack: {
    timeoutSeconds: 3,
    delaysSeconds: [1, MINUTE, 5 * MINUTE],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://docs.slack.dev/apis/events-api/#retries',
  },
  sns: {
    timeoutSeconds: 15,
    delaysSeconds: [20, 20, 20],
    retriedAfter: 'server',
    signs: 'once',
    basis: 'documented',
    note: "The default of HTTP endpoints; the topic's delivery policy may say otherwise.",
    source: 'https://docs.aws.amazon.com/sns/latest/dg/sns-message-delivery-retries.html',
  },
  square: {
    timeoutSeconds: 10,
    delaysSeconds: backoff(11, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://developer.squareup.com/docs/webhooks/overview',
  },
  'standard-webhooks': {
    timeoutSeconds: 15,
    delaysSeconds: [5, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'chosen',
    source: 'https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md',
  },
  stripe: {
    timeoutSeconds: 20,
    delaysSeconds: backoff(14, 5 * MINUTE, 3 * DAY),
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://docs.stripe.com/webhooks#automatic-retries',
  },
  supabase: {
    timeoutSeconds: 5,
    delaysSeconds: [1, 1],
    retriedAfter: 'temporary',
    signs: 'each attempt',
    basis: 'partly',
    note: 'All attempts share 5 seconds.',
    source: 'https://supabase.com/docs/guides/auth/auth-hooks',
  },
  svix: {
    timeoutSeconds: 15,
    delaysSeconds: SVIX_DELAYS,
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://docs.svix.com/retries',
  },
  telegram: {
    timeoutSeconds: 10,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'undocumented',
    note: 'Telegram tries again a reasonable number of times, which it does not document.',
    source: 'https://core.telegram.org/bots/api#setwebhook',
  },
  telnyx: {
    timeoutSeconds: 2,
    delaysSeconds: [5, 10],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'partly',
    note: 'The times differ between its products.',
    source: 'https://developers.telnyx.com/docs/messaging/messages/receiving-webhooks',
  },
  tiktok: {
    timeoutSeconds: 10,
    delaysSeconds: backoff(12, MINUTE, 3 * DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://developers.tiktok.com/doc/webhooks-overview',
  },
  trello: {
    timeoutSeconds: 10,
    delaysSeconds: [30, MINUTE, 2 * MINUTE],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    source: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
  },
  twilio: {
    timeoutSeconds: 15,
    delaysSeconds: [1],
    retriedAfter: 'connection',
    signs: 'once',
    basis: 'documented',
    source: 'https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides',
  },
  twitch: {
    timeoutSeconds: 3,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'undocumented',
    source: 'https://dev.twitch.tv/docs/eventsub/handling-webhook-events/',
  },
  typeform: {
    timeoutSeconds: 30,
    delaysSeconds: every(150, 10 * HOUR).slice(0, 240),
    retriedAfter: 'temporary',
    signs: 'once',
    basis: 'documented',
    note: 'After other errors, it tries a few more times.',
    source: 'https://www.typeform.com/developers/webhooks/',
  },
  vercel: {
    timeoutSeconds: 30,
    delaysSeconds: backoff(8, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://vercel.com/docs/webhooks',
  },
  woocommerce: {
    timeoutSeconds: 60,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'documented',
    source: 'https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php',
  },
  x: {
    timeoutSeconds: 10,
    delaysSeconds: [],
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    note: 'Only the enterprise tier retries: three times in 5 minutes, with a time-out of 3 seconds.',
    source: 'https://developer.x.com/en/docs/x-api/enterprise/account-activity-api/guides/activity-retries',
  },
  xero: {
    timeoutSeconds: 5,
    delaysSeconds: backoff(10, MINUTE, DAY),
    retriedAfter: 'any',
    signs: 'once',
    basis: 'partly',
    source: 'https://developer.xero.com/documentation/guides/webhooks/configuring-your-server',
  },
  zendesk: {
    timeoutSeconds: 12,
    delaysSeconds: [10, 30, MINUTE],
    retriedAfter: 'temporary',
    signs: 'each attempt',
    basis: 'partly',
    source: 'https://developer.zendesk.com/documentation/webhooks/creating-and-monitoring-webhooks/',
  },
  zoom: {
    timeoutSeconds: 3,
    delaysSeconds: [5 * MINUTE, 20 * MINUTE, 60 * MINUTE],
    retriedAfter: 'any',
    signs: 'each attempt',
    basis: 'documented',
    source: 'https://developers.zoom.us/docs/api/webhooks/',
  },
};

// `npm run typecheck` fails where the events of an inbox lose their types.
import type { S3 } from '@aws-sdk/client-s3';
import type { DynamoDBDocument, PutCommandInput, TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { EventBridgeEvent, EventBridgeHandler, Handler, SQSRecord } from 'aws-lambda';
import {
  type InboxEvent,
  type InboxEventDetail,
  once,
  type PayloadClients,
  parseSqsRecord,
  readPayload,
  type SourceEvent,
} from 'webhook-inbox/consumer';
import { type ProviderData, type ProviderName, providers } from '../../lambda/providers/index.ts';

/** `true` where both types are the same, also where one is `any`. */
type IsSame<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

interface StripeEvent {
  readonly api_version: string | null;
}

interface Order {
  readonly orderNumber: number;
}

type Sources = { 'stripe-eu': 'stripe'; 'stripe-us': 'stripe'; partner: 'generic'; hub: 'github' };
type Payloads = { stripe: StripeEvent; partner: Order };
type Event = SourceEvent<Sources, Payloads>;

declare const clients: PayloadClients;
declare const documents: DynamoDBDocument;
declare const s3: S3;
declare const record: SQSRecord;

/** The fields of `data` are those that the provider's schema picks, with their types. */
export const data: [
  IsSame<
    InboxEvent<'generic'>['detail']['data'],
    { readonly user_id?: string; readonly action?: string; readonly timestamp?: number }
  >,
  IsSame<InboxEvent<'stripe'>['detail']['data']['livemode'], boolean | undefined>,
  IsSame<InboxEvent<'hubspot'>['detail']['data']['object_id'], string | number | undefined>,
] = [true, true, true];

/** Every provider of the registry keeps the names of its data. */
export const namedData: { [K in ProviderName]: string extends keyof ProviderData<K> ? false : true } = {
  adyen: true,
  airtable: true,
  'app-store': true,
  asana: true,
  bitbucket: true,
  box: true,
  buildkite: true,
  calendly: true,
  chargebee: true,
  circleci: true,
  'customer-io': true,
  discord: true,
  docusign: true,
  dropbox: true,
  fusionauth: true,
  generic: true,
  github: true,
  gitlab: true,
  gocardless: true,
  'google-pubsub': true,
  hubspot: true,
  intercom: true,
  'lemon-squeezy': true,
  line: true,
  linear: true,
  mailgun: true,
  meta: true,
  'microsoft-graph': true,
  monday: true,
  netlify: true,
  notion: true,
  okta: true,
  paddle: true,
  pagerduty: true,
  paypal: true,
  recurly: true,
  revenuecat: true,
  paystack: true,
  persona: true,
  razorpay: true,
  segment: true,
  sendgrid: true,
  sentry: true,
  shopify: true,
  slack: true,
  sns: true,
  square: true,
  'standard-webhooks': true,
  stripe: true,
  svix: true,
  telegram: true,
  telnyx: true,
  tiktok: true,
  trello: true,
  twilio: true,
  twitch: true,
  typeform: true,
  vercel: true,
  woocommerce: true,
  x: true,
  xero: true,
  zendesk: true,
  brex: true,
  clerk: true,
  'incident-io': true,
  openai: true,
  polar: true,
  render: true,
  replicate: true,
  resend: true,
  supabase: true,
  zoom: true,
};

/** The registry's own type of an event. */
export function readsTyped(): boolean | undefined {
  const read = providers.stripe().readEvent({}, {} as never);
  return 'event' in read ? read.event.data.livemode : undefined;
}

// @ts-expect-error Stripe's schema picks no such field.
export const otherData = (event: InboxEvent<'stripe'>) => event.detail.data.user_id;

// @ts-expect-error No provider has this name.
export type OtherProvider = InboxEvent<'strype'>;

/** `source` tells the events of the sources apart. */
export function bySource(event: Event) {
  switch (event.source) {
    case 'webhook-inbox.stripe-eu':
      return event.detail.data.livemode;
    case 'webhook-inbox.partner':
      return event.detail.data.user_id;
    // @ts-expect-error The inbox has no such source.
    case 'webhook-inbox.stripe-asia':
      return undefined;
    default:
      return event.detail.source satisfies 'stripe-us' | 'hub';
  }
}

/** So do the source and the provider in `detail`. */
export function byDetail({ detail }: Event) {
  if (detail.source === 'partner') return detail.data.user_id;
  if (detail.provider === 'stripe') return detail.data.livemode;
  return detail.data.repository;
}

/** So does the provider of any event. */
export const byProvider = ({ detail }: InboxEvent) => detail.provider === 'generic' && detail.data.user_id;

/** A payload has the type that was declared for its source or its provider, and is unknown elsewhere. */
export async function payloads(event: Event) {
  if (event.source === 'webhook-inbox.hub') return (await readPayload(event, clients)) satisfies unknown;
  // @ts-expect-error Stripe's events and the partner's orders are different types.
  (await readPayload(event, clients)).orderNumber;
  if (event.source === 'webhook-inbox.partner') return (await readPayload(event, clients)).orderNumber;
  return (await readPayload(event, clients)).api_version;
}

export const payloadTypes: [
  IsSame<Awaited<ReturnType<typeof readPayload<InboxEvent<'stripe', StripeEvent>>>>, StripeEvent>,
  IsSame<Awaited<ReturnType<typeof readPayload<InboxEvent<'stripe'>>>>, unknown>,
] = [true, true];

// @ts-expect-error The payload may be elsewhere: only `readPayload` always finds it.
export const direct = (event: InboxEvent<'generic', Order>) => event.detail.payload.orderNumber;

// @ts-expect-error Neither a source nor a provider has this name.
export type OtherPayload = SourceEvent<Sources, { strype: StripeEvent }>;

// @ts-expect-error No provider has this name.
export type OtherSource = SourceEvent<{ partner: 'strype' }>;

/** An event is one of `@types/aws-lambda`, in both directions. */
export const asEventBridgeEvent = (event: Event): EventBridgeEvent<string, InboxEventDetail> => event;
export const eventBridgeHandler: EventBridgeHandler<string, InboxEventDetail<'stripe'>, void> = async ({ detail }) => {
  detail.data.livemode satisfies boolean | undefined;
};
export const handler: Handler<Event, void> = async (event) => {
  await readPayload(event, { documents, s3 });
};

/** A message of SQS has the events that the rule lets through. */
export const fromQueue = () => parseSqsRecord<Event>(record) satisfies Event;

/** The guard's put is one that the document client takes, alone or in a transaction. */
export function guard(event: Event) {
  const { put, run } = once(event, { table: 'processed' });
  const transaction: TransactWriteCommandInput = { TransactItems: [{ Put: put }] };
  return [put satisfies PutCommandInput, transaction, run({ documents, leaseSeconds: 60 }, async () => undefined)];
}

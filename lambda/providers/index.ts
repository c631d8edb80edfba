import { adyen } from './adyen.ts';
import { airtable } from './airtable.ts';
import { appStore } from './app-store.ts';
import { asana } from './asana.ts';
import { bitbucket } from './bitbucket.ts';
import { box } from './box.ts';
import { buildkite } from './buildkite.ts';
import { calendly } from './calendly.ts';
import { chargebee } from './chargebee.ts';
import { circleci } from './circleci.ts';
import { customerIo } from './customer-io.ts';
import { discord } from './discord.ts';
import { docusign } from './docusign.ts';
import { dropbox } from './dropbox.ts';
import { fusionauth } from './fusionauth.ts';
import { generic } from './generic.ts';
import { github } from './github.ts';
import { gitlab } from './gitlab.ts';
import { gocardless } from './gocardless.ts';
import { googlePubsub } from './google-pubsub.ts';
import { hubspot } from './hubspot.ts';
import { intercom } from './intercom.ts';
import { lemonSqueezy } from './lemon-squeezy.ts';
import { line } from './line.ts';
import { linear } from './linear.ts';
import { mailgun } from './mailgun.ts';
import { meta } from './meta/meta.ts';
import { microsoftGraph } from './microsoft-graph.ts';
import { monday } from './monday.ts';
import { netlify } from './netlify.ts';
import { notion } from './notion.ts';
import { okta } from './okta.ts';
import { paddle } from './paddle.ts';
import { pagerduty } from './pagerduty.ts';
import { paypal } from './paypal.ts';
import { paystack } from './paystack.ts';
import { persona } from './persona.ts';
import type { EventData, Provider, ReadEvent } from './provider.ts';
import { razorpay } from './razorpay.ts';
import { recurly } from './recurly.ts';
import { revenuecat } from './revenuecat.ts';
import { segment } from './segment.ts';
import { sendgrid } from './sendgrid.ts';
import { sentry } from './sentry.ts';
import { shopify } from './shopify.ts';
import { slack } from './slack.ts';
import { sns } from './sns.ts';
import { square } from './square.ts';
import { brex, clerk, incidentIo, openai, polar, render, replicate, resend, supabase } from './standard-senders.ts';
import { standardWebhooks } from './standard-webhooks.ts';
import { stripe } from './stripe.ts';
import { svix } from './svix.ts';
import { telegram } from './telegram.ts';
import { telnyx } from './telnyx.ts';
import { tiktok } from './tiktok.ts';
import { trello } from './trello.ts';
import { twilio } from './twilio.ts';
import { twitch } from './twitch.ts';
import { typeform } from './typeform.ts';
import { vercel } from './vercel.ts';
import { woocommerce } from './woocommerce.ts';
import { x } from './x.ts';
import { xero } from './xero.ts';
import { zendesk } from './zendesk.ts';
import { zoom } from './zoom.ts';

/** The registry: all providers by name. A provider is built only for a source that uses it. */
export const providers = {
  adyen,
  airtable,
  'app-store': appStore,
  asana,
  bitbucket,
  box,
  brex,
  buildkite,
  calendly,
  chargebee,
  circleci,
  clerk,
  'customer-io': customerIo,
  discord,
  docusign,
  dropbox,
  fusionauth,
  generic,
  github,
  gitlab,
  gocardless,
  'google-pubsub': googlePubsub,
  hubspot,
  'incident-io': incidentIo,
  intercom,
  'lemon-squeezy': lemonSqueezy,
  line,
  linear,
  mailgun,
  meta,
  'microsoft-graph': microsoftGraph,
  monday,
  netlify,
  notion,
  okta,
  openai,
  paddle,
  pagerduty,
  paypal,
  paystack,
  persona,
  polar,
  razorpay,
  recurly,
  render,
  replicate,
  resend,
  revenuecat,
  segment,
  sendgrid,
  sentry,
  shopify,
  slack,
  sns,
  square,
  'standard-webhooks': standardWebhooks,
  stripe,
  supabase,
  svix,
  telegram,
  telnyx,
  tiktok,
  trello,
  twilio,
  twitch,
  typeform,
  vercel,
  woocommerce,
  x,
  xero,
  zendesk,
  zoom,
} as const satisfies Record<string, () => Provider>;

/** The name of a provider. */
export type ProviderName = keyof typeof providers;

export { custom } from './custom/custom.ts';
export type { CustomDefinition } from './custom/custom-definition.ts';
export { validateCustom } from './custom/validate-custom.ts';
export { warningsOf } from './custom/warnings-of.ts';
export type { Provider, Setting } from './provider.ts';
export { suggestion } from './suggestion.ts';

type SettingsOf<TName extends ProviderName> = ReturnType<(typeof providers)[TName]>['settings'];

type IsOptional<TSetting> = TSetting extends { readonly isOptional: true } ? true : false;

/** The settings that a provider's sources have besides their secret, by name. */
export type ProviderSettings<TName extends ProviderName> = {
  readonly [K in keyof SettingsOf<TName> as IsOptional<SettingsOf<TName>[K]> extends true ? never : K]: string;
} & {
  readonly [K in keyof SettingsOf<TName> as IsOptional<SettingsOf<TName>[K]> extends true ? K : never]?: string;
};

type ReadEventOf<TName extends ProviderName> = ReturnType<ReturnType<(typeof providers)[TName]>['readEvent']>;

/** The data of a provider's events, as its `event` returns them. */
export type ProviderData<TName extends ProviderName> =
  ReadEventOf<TName> extends ReadEvent<infer TData extends EventData> ? TData : never;

/** Whether there is a provider of this name. */
export function isProviderName(name: string): name is ProviderName {
  return Object.hasOwn(providers, name);
}

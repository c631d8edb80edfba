import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { inboxStatusOf, sharedKeys } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const SECRET = 'a-secret-of-thirty-two-characters';

/** The headers in which each provider sends its signature, and their format, by its documentation. */
const WRITTEN: readonly (readonly [ProviderName, header: string, form: RegExp])[] = [
  ['asana', 'x-hook-signature', /^[0-9a-f]{64}$/],
  ['bitbucket', 'x-hub-signature', /^sha256=[0-9a-f]{64}$/],
  ['box', 'box-delivery-timestamp', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
  ['box', 'box-signature-primary', /^[\w+/]{43}=$/],
  ['buildkite', 'x-buildkite-signature', /^timestamp=\d{10},signature=[0-9a-f]{64}$/],
  ['calendly', 'calendly-webhook-signature', /^t=\d{10},v1=[0-9a-f]{64}$/],
  ['circleci', 'circleci-signature', /^v1=[0-9a-f]{64}$/],
  ['airtable', 'x-airtable-content-mac', /^hmac-sha256=[0-9a-f]{64}$/],
  ['chargebee', 'authorization', /^Basic [\w+/]+={0,2}$/],
  ['customer-io', 'x-cio-signature', /^[0-9a-f]{64}$/],
  ['customer-io', 'x-cio-timestamp', /^\d{10}$/],
  ['discord', 'x-signature-ed25519', /^[0-9a-f]{128}$/],
  ['discord', 'x-signature-timestamp', /^\d{10}$/],
  ['docusign', 'x-docusign-signature-1', /^[\w+/]{43}=$/],
  ['dropbox', 'x-dropbox-signature', /^[0-9a-f]{64}$/],
  ['fusionauth', 'x-fusionauth-signature-jwt', /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}$/],
  ['generic', 'x-signature', /^sha256=[0-9a-f]{64}$/],
  ['github', 'x-hub-signature-256', /^sha256=[0-9a-f]{64}$/],
  ['gocardless', 'webhook-signature', /^[0-9a-f]{64}$/],
  ['hubspot', 'x-hubspot-signature-v3', /^[\w+/]{43}=$/],
  ['hubspot', 'x-hubspot-request-timestamp', /^\d{13}$/],
  ['intercom', 'x-hub-signature', /^sha1=[0-9a-f]{40}$/],
  ['lemon-squeezy', 'x-signature', /^[0-9a-f]{64}$/],
  ['line', 'x-line-signature', /^[\w+/]{43}=$/],
  ['linear', 'linear-signature', /^[0-9a-f]{64}$/],
  ['meta', 'x-hub-signature-256', /^sha256=[0-9a-f]{64}$/],
  ['monday', 'authorization', /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}$/],
  ['netlify', 'x-webhook-signature', /^eyJ[\w-]+\.eyJ[\w-]+\.[\w-]{43}$/],
  ['notion', 'x-notion-signature', /^sha256=[0-9a-f]{64}$/],
  ['paddle', 'paddle-signature', /^ts=\d{10};h1=[0-9a-f]{64}$/],
  ['pagerduty', 'x-pagerduty-signature', /^v1=[0-9a-f]{64}$/],
  ['paypal', 'paypal-transmission-sig', /^[\w+/]{342}==$/],
  ['recurly', 'recurly-signature', /^\d{13},[0-9a-f]{64}$/],
  ['revenuecat', 'authorization', /^[\w-]{32}$/],
  ['paystack', 'x-paystack-signature', /^[0-9a-f]{128}$/],
  ['persona', 'persona-signature', /^t=\d{10},v1=[0-9a-f]{64}$/],
  ['razorpay', 'x-razorpay-signature', /^[0-9a-f]{64}$/],
  ['segment', 'x-signature', /^[0-9a-f]{40}$/],
  ['sendgrid', 'x-twilio-email-event-webhook-signature', /^ME[\w+/]{90,}={0,2}$/],
  ['sendgrid', 'x-twilio-email-event-webhook-timestamp', /^\d{10}$/],
  ['sentry', 'sentry-hook-signature', /^[0-9a-f]{64}$/],
  ['shopify', 'x-shopify-hmac-sha256', /^[\w+/]{43}=$/],
  ['slack', 'x-slack-signature', /^v0=[0-9a-f]{64}$/],
  ['slack', 'x-slack-request-timestamp', /^\d{10}$/],
  ['square', 'x-square-hmacsha256-signature', /^[\w+/]{43}=$/],
  ['standard-webhooks', 'webhook-signature', /^v1,[\w+/]{43}=$/],
  ['standard-webhooks', 'webhook-timestamp', /^\d{10}$/],
  ['stripe', 'stripe-signature', /^t=\d{10},v1=[0-9a-f]{64}$/],
  ['svix', 'svix-signature', /^v1,[\w+/]{43}=$/],
  ['svix', 'svix-timestamp', /^\d{10}$/],
  ['telegram', 'x-telegram-bot-api-secret-token', /^[\w-]{32}$/],
  ['telnyx', 'telnyx-signature-ed25519', /^[\w+/]{86}==$/],
  ['telnyx', 'telnyx-timestamp', /^\d{10}$/],
  ['tiktok', 'tiktok-signature', /^t=\d{10},s=[0-9a-f]{64}$/],
  ['trello', 'x-trello-webhook', /^[\w+/]{27}=$/],
  ['twilio', 'x-twilio-signature', /^[\w+/]{27}=$/],
  ['twitch', 'twitch-eventsub-message-signature', /^sha256=[0-9a-f]{64}$/],
  ['twitch', 'twitch-eventsub-message-timestamp', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
  ['typeform', 'typeform-signature', /^sha256=[\w+/]{43}=$/],
  ['vercel', 'x-vercel-signature', /^[0-9a-f]{40}$/],
  ['woocommerce', 'x-wc-webhook-signature', /^[\w+/]{43}=$/],
  ['x', 'x-twitter-webhooks-signature-oauth2', /^sha256=[\w+/]{43}=$/],
  ['xero', 'x-xero-signature', /^[\w+/]{43}=$/],
  ['zendesk', 'x-zendesk-webhook-signature', /^[\w+/]{43}=$/],
  ['zendesk', 'x-zendesk-webhook-signature-timestamp', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/],
  ['zoom', 'x-zm-signature', /^v0=[0-9a-f]{64}$/],
  ['zoom', 'x-zm-request-timestamp', /^\d{10}$/],
];

describe('A genuine request', () => {
  it.each(WRITTEN)(
    'of %s has the header %s in the documented format, and is rejected without it',
    async (provider, header, form) => {
      const inbox = providerInbox({ provider, keys: providers[provider]().signature.generateKeys() });
      const signed = inbox.sign(readVector(provider).sample);
      expect(signed.headers.get(header)).toEqual([expect.stringMatching(form)]);
      expect(await inboxStatusOf(inbox.deliver(signed))).toBe('processed');
      const others = new Map([...signed.headers].filter(([name]) => name !== header));
      expect((await inbox.deliver({ ...signed, headers: others })).statusCode).toBe(401);
    },
  );
});

describe('A signature that covers the body alone', () => {
  it.each([
    ['generic', 'x-signature', 'sha256', 'hex', 'sha256='],
    ['github', 'x-hub-signature-256', 'sha256', 'hex', 'sha256='],
    ['gocardless', 'webhook-signature', 'sha256', 'hex', ''],
    ['intercom', 'x-hub-signature', 'sha1', 'hex', 'sha1='],
    ['linear', 'linear-signature', 'sha256', 'hex', ''],
    ['meta', 'x-hub-signature-256', 'sha256', 'hex', 'sha256='],
    ['paystack', 'x-paystack-signature', 'sha512', 'hex', ''],
    ['razorpay', 'x-razorpay-signature', 'sha256', 'hex', ''],
    ['segment', 'x-signature', 'sha1', 'hex', ''],
    ['shopify', 'x-shopify-hmac-sha256', 'sha256', 'base64', ''],
    ['typeform', 'typeform-signature', 'sha256', 'base64', 'sha256='],
    ['vercel', 'x-vercel-signature', 'sha1', 'hex', ''],
    ['woocommerce', 'x-wc-webhook-signature', 'sha256', 'base64', ''],
    ['x', 'x-twitter-webhooks-signature-oauth2', 'sha256', 'base64', 'sha256='],
    ['xero', 'x-xero-signature', 'sha256', 'base64', ''],
  ] as const)('is, for %s, the one that node:crypto calculates', async (provider, header, hash, encoding, prefix) => {
    const inbox = providerInbox({ provider, keys: sharedKeys(SECRET) });
    const signed = inbox.sign(readVector(provider).sample);
    const expected = prefix + createHmac(hash, SECRET).update(signed.body).digest(encoding);
    const deliver = async (value: string) => {
      return (await inbox.deliver(withHeaders(signed, { [header]: value }))).statusCode;
    };
    expect(await deliver(expected)).toBe(200);
    expect(await deliver(`x${expected}`)).toBe(401);
    if (prefix) expect(await deliver(expected.slice(prefix.length))).toBe(401);
  });
});

import { describe, expect, it } from '@jest/globals';
import * as octokit from '@octokit/webhooks-methods';
import { Paddle } from '@paddle/paddle-node-sdk';
import { EventWebhook } from '@sendgrid/eventwebhook';
import '@shopify/shopify-api/adapters/node';
import { createSHA256HMAC } from '@shopify/shopify-api/runtime';
import { verifySlackRequest } from '@slack/bolt';
import { verifyKey } from 'discord-interactions';
import * as standardWebhooks from 'standardwebhooks';
import { Stripe } from 'stripe';
import * as svix from 'svix';
import {
  getExpectedBodyHash,
  getExpectedTwilioSignature,
  validateRequest,
  validateRequestWithBody,
} from 'twilio/lib/webhooks/webhooks.js';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { onlyValue, type SignedRequest, withHeaders } from '../../../lambda/signature/signed-request.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

/** One provider's own SDK: as the sender, where it can sign, and as the receiver. */
interface Sdk {
  readonly provider: ProviderName;
  /** The variant of the vector, in place of its sample. */
  readonly variant?: string;
  /** Puts the SDK's signature in the place of ours. */
  readonly sign?: (request: SignedRequest, secret: string) => SignedRequest | Promise<SignedRequest>;
  /** False, or an error, where the SDK refuses it. */
  readonly verify: (request: SignedRequest, secret: string) => unknown;
}

const text = ({ body }: SignedRequest) => body.toString();
const headerOf = ({ headers }: SignedRequest, name: string) => onlyValue(headers, name) ?? '';
const flat = ({ headers }: SignedRequest) =>
  Object.fromEntries([...headers].map(([name, [value = '']]) => [name, value]));
const parameters = (request: SignedRequest) => Object.fromEntries(new URLSearchParams(text(request)));
const calledUrl = ({ url, query }: SignedRequest) => `${url}?${query}`;
const dateOf = (request: SignedRequest, header: string) => new Date(Number(headerOf(request, header)) * 1000);

const SDKS: readonly Sdk[] = [
  {
    provider: 'stripe',
    sign: (request, secret) =>
      withHeaders(request, {
        'stripe-signature': Stripe.webhooks.generateTestHeaderString({ payload: text(request), secret }),
      }),
    verify: (request, secret) =>
      Stripe.webhooks.constructEvent(text(request), headerOf(request, 'stripe-signature'), secret),
  },
  {
    provider: 'github',
    sign: async (request, secret) =>
      withHeaders(request, { 'x-hub-signature-256': await octokit.sign(secret, text(request)) }),
    verify: (request, secret) => octokit.verify(secret, text(request), headerOf(request, 'x-hub-signature-256')),
  },
  {
    provider: 'shopify',
    sign: async (request, secret) =>
      withHeaders(request, { 'x-shopify-hmac-sha256': await createSHA256HMAC(secret, text(request)) }),
    verify: async (request, secret) =>
      (await createSHA256HMAC(secret, text(request))) === headerOf(request, 'x-shopify-hmac-sha256'),
  },
  {
    provider: 'slack',
    verify(request, signingSecret) {
      const headers = {
        'x-slack-signature': headerOf(request, 'x-slack-signature'),
        'x-slack-request-timestamp': Number(headerOf(request, 'x-slack-request-timestamp')),
      };
      verifySlackRequest({ signingSecret, body: text(request), headers });
    },
  },
  {
    provider: 'standard-webhooks',
    sign: (request, secret) =>
      withHeaders(request, {
        'webhook-signature': new standardWebhooks.Webhook(secret).sign(
          headerOf(request, 'webhook-id'),
          dateOf(request, 'webhook-timestamp'),
          text(request),
        ),
      }),
    verify: (request, secret) => new standardWebhooks.Webhook(secret).verify(text(request), flat(request)),
  },
  {
    provider: 'svix',
    sign: (request, secret) =>
      withHeaders(request, {
        'svix-signature': new svix.Webhook(secret).sign(
          headerOf(request, 'svix-id'),
          dateOf(request, 'svix-timestamp'),
          text(request),
        ),
      }),
    verify: (request, secret) => new svix.Webhook(secret).verify(text(request), flat(request)),
  },
  {
    provider: 'svix',
    variant: 'with the headers of Standard Webhooks',
    verify: (request, secret) => new svix.Webhook(secret).verify(text(request), flat(request)),
  },
  {
    provider: 'twilio',
    sign: (request, secret) =>
      withHeaders(request, {
        'x-twilio-signature': getExpectedTwilioSignature(secret, request.url, parameters(request)),
      }),
    verify: (request, secret) =>
      validateRequest(secret, headerOf(request, 'x-twilio-signature'), request.url, parameters(request)),
  },
  {
    provider: 'twilio',
    variant: 'Event Streams in JSON',
    sign(request, secret) {
      const signed = { ...request, query: new URLSearchParams({ bodySHA256: getExpectedBodyHash(text(request)) }) };
      const signature = getExpectedTwilioSignature(secret, calledUrl(signed), {});
      return withHeaders(signed, { 'x-twilio-signature': signature });
    },
    verify: (request, secret) =>
      validateRequestWithBody(secret, headerOf(request, 'x-twilio-signature'), calledUrl(request), text(request)),
  },
  {
    provider: 'sendgrid',
    verify(request, publicKey) {
      const header = (part: string) => headerOf(request, `x-twilio-email-event-webhook-${part}`);
      const webhook = new EventWebhook();
      const key = webhook.convertPublicKeyToECDSA(publicKey);
      return webhook.verifySignature(key, text(request), header('signature'), header('timestamp'));
    },
  },
  {
    provider: 'discord',
    verify: (request, publicKey) =>
      verifyKey(
        request.body,
        headerOf(request, 'x-signature-ed25519'),
        headerOf(request, 'x-signature-timestamp'),
        publicKey,
      ),
  },
  {
    provider: 'paddle',
    verify: (request, secret) =>
      new Paddle('api-key').webhooks.isSignatureValid(text(request), secret, headerOf(request, 'paddle-signature')),
  },
];

/** What an SDK says of a request; most of them throw where they refuse it. */
async function isAccepted({ verify }: Sdk, request: SignedRequest, secret: string): Promise<boolean> {
  try {
    return (await verify(request, secret)) !== false;
  } catch {
    return false;
  }
}

/** The same request with one digit, or letter, changed within its body. */
function tampered(request: SignedRequest): SignedRequest {
  const body = Buffer.from(request.body);
  const middle = body.findIndex((byte, index) => index > body.length / 2 && byte > 0x61 && byte < 0x7a);
  body[middle] = (body[middle] ?? 0) ^ 1;
  return { ...request, body };
}

/** The SDKs hold the time against the machine's clock, so this inbox does too. */
function open({ provider, variant }: Sdk) {
  const keys = providers[provider]().signature.generateKeys();
  const inbox = providerInbox({ provider, keys });
  inbox.clock.now = Date.now();
  const vector = readVector(provider);
  const request = variant === undefined ? vector.sample : vector.variants?.find(({ name }) => name === variant);
  if (!request) throw new Error(`test/vectors/${provider}.json has no such variant`);
  return { inbox, keys, signed: inbox.sign(request) };
}

describe.each(SDKS.map((sdk) => [[sdk.provider, sdk.variant].filter(Boolean).join(', '), sdk] as const))(
  'the SDK of %s',
  (_, sdk) => {
    it('accepts what we sign, and refuses it with one byte changed, as we do', async () => {
      const { inbox, keys, signed } = open(sdk);
      expect(await isAccepted(sdk, signed, keys.verification)).toBe(true);
      expect(await isAccepted(sdk, tampered(signed), keys.verification)).toBe(false);
      expect((await inbox.deliver(tampered(signed))).statusCode).toBe(401);
    });

    if (sdk.sign) {
      const { sign } = sdk;

      it('signs what we accept, and what we refuse with one byte changed', async () => {
        const { inbox, keys, signed } = open(sdk);
        const signedBySdk = await sign(signed, keys.signing);
        expect((await inbox.deliver(tampered(signedBySdk))).statusCode).toBe(401);
        expect((await inbox.deliver(signedBySdk)).statusCode).toBe(200);
      });
    }
  },
);

import { describe, expect, it } from '@jest/globals';
import { LinearWebhookClient } from '@linear/sdk/webhooks';
import { WebhooksHelper } from 'square';
import { Webhook } from 'standardwebhooks';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { fillIn } from '../../../samples/sample.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

const both = (secret: string) => ({ signing: secret, verification: secret });
const tampered = (request: SignedRequest): SignedRequest => {
  const body = Buffer.from(request.body);
  body[20] = (body[20] ?? 0) ^ 1;
  return { ...request, body };
};
const only = ({ headers }: SignedRequest, name: string) => headers.get(name)?.[0] ?? '';

describe("Linear's own verifier", () => {
  const secret = 'lin_wh_iLp8gHjvTq2Yw0dK';
  const client = new LinearWebhookClient(secret);
  const passes = (request: SignedRequest) => {
    try {
      return client.verify(request.body, only(request, 'linear-signature'));
    } catch {
      return false;
    }
  };

  it('agrees on what is signed', async () => {
    const inbox = providerInbox({ provider: 'linear', keys: both(secret) });
    inbox.clock.now = Date.now();
    const signed = inbox.sign(readVector('linear').sample);
    expect(passes(signed)).toBe(true);
    expect((await inbox.deliver(signed)).statusCode).toBe(200);
    expect(passes(tampered(signed))).toBe(false);
    expect((await inbox.deliver(tampered(signed))).statusCode).toBe(401);
  });

  it.each([
    ['old', -62_000],
    ['from the future', 62_000],
  ])('agrees on a time that is %s', async (_, shift) => {
    const inbox = providerInbox({ provider: 'linear', keys: both(secret) });
    const now = Date.now();
    inbox.clock.now = now + shift;
    const signed = inbox.sign(readVector('linear').sample);
    inbox.clock.now = now;
    expect(passes(signed)).toBe(false);
    expect((await inbox.deliver(signed)).statusCode).toBe(401);
  });

  it.each(['"{{now:milliseconds}}"', '"{{now:iso}}"', 'null', '[]', '1e300', '1.5', '-1'])(
    'agrees on a time that is none: %s',
    async (time) => {
      const inbox = providerInbox({ provider: 'linear', keys: both(secret) });
      inbox.clock.now = Date.now();
      const { headers } = readVector('linear').sample;
      const signed = inbox.sign({ headers, body: `{"type":"Issue","webhookTimestamp":${time}}`, events: [] });
      expect(passes(signed)).toBe(false);
      expect((await inbox.deliver(signed)).statusCode).toBe(401);
    },
  );
});

describe("Square's own verifier", () => {
  const secret = 'qfjakbt2uWB8DKAMECF-EA';
  const publicUrl = 'https://hooks.example.com/webhooks/square?tenant=7';
  const passes = (request: SignedRequest, notificationUrl = publicUrl) =>
    WebhooksHelper.verifySignature({
      requestBody: request.body.toString(),
      signatureHeader: only(request, 'x-square-hmacsha256-signature'),
      signatureKey: secret,
      notificationUrl,
    });

  it('agrees on what is signed', async () => {
    const inbox = providerInbox({ provider: 'square', keys: both(secret), publicUrl });
    const signed = inbox.sign(readVector('square').sample);
    expect(await passes(signed)).toBe(true);
    expect((await inbox.deliver(signed)).statusCode).toBe(200);
    expect(await passes(tampered(signed))).toBe(false);
    expect((await inbox.deliver(tampered(signed))).statusCode).toBe(401);
  });

  it('agrees that another URL is not what was signed', async () => {
    const signed = providerInbox({ provider: 'square', keys: both(secret), publicUrl }).sign(
      readVector('square').sample,
    );
    const other = 'https://hooks.example.com/webhooks/square';
    const inbox = providerInbox({ provider: 'square', keys: both(secret), publicUrl: other });
    expect(await passes(signed, other)).toBe(false);
    expect((await inbox.deliver(signed)).statusCode).toBe(401);
  });
});

describe('Standard Webhooks, as GitLab signs with a Signing token', () => {
  const secret = `whsec_${Buffer.from('a signing token of thirty-two by').toString('base64')}`;
  const { sample } = readVector('gitlab');
  const id = fillIn(sample.headers['idempotency-key'] ?? '', NOW);
  const open = () => providerInbox({ provider: 'gitlab', keys: both(secret) });

  function signedBySdk(): SignedRequest {
    const request = providerInbox({ provider: 'gitlab', keys: both('a secret token') }).sign(sample);
    const signature = new Webhook(secret).sign(id, new Date(NOW), request.body.toString());
    const added = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(NOW / 1000)),
      'webhook-signature': signature,
    };
    const headers = new Map([
      ...request.headers,
      ...Object.entries(added).map(([name, value]) => [name, [value]] as const),
    ]);
    return { ...request, headers };
  }

  it('is accepted as the SDK signs it, and deduplicated on the signed id', async () => {
    const inbox = open();
    const signed = signedBySdk();
    const headers = new Map([...signed.headers, ['idempotency-key', ['another']]]);
    expect((await inbox.deliver({ ...signed, headers })).statusCode).toBe(200);
    expect(inbox.items.map(({ event_id }) => event_id)).toEqual([id]);
    expect((await inbox.deliver(tampered(signed))).statusCode).toBe(401);
  });

  it('is signed as the SDK wants it', () => {
    const signed = open().sign(sample);
    const verify = (request: SignedRequest) => {
      const headers = Object.fromEntries([...request.headers].map(([name, [value = '']]) => [name, value]));
      const { verify: check } = Webhook.prototype;
      // Its clock is the machine's: the check of the time is taken out, that of the signature stays.
      const sdk = Object.assign(new Webhook(secret), { verifyTimestamp: () => new Date(NOW) });
      return check.call(sdk, request.body.toString(), headers);
    };
    expect(verify(signed)).toMatchObject({ object_kind: 'push' });
    expect(() => verify(tampered(signed))).toThrow();
  });

  it.each([
    ['stale', 302_000],
    ['from the future', -302_000],
  ])('is refused where its time is %s', async (_, shift) => {
    const inbox = open();
    const signed = inbox.sign(sample);
    inbox.clock.now += shift;
    expect((await inbox.deliver(signed)).statusCode).toBe(401);
  });

  it('is asked for: the Signing token itself is not enough', async () => {
    const inbox = open();
    const plain = providerInbox({ provider: 'gitlab', keys: both('x') }).sign(sample);
    const headers = new Map([...plain.headers, ['x-gitlab-token', [secret]]]);
    expect((await inbox.deliver({ ...plain, headers })).statusCode).toBe(401);
  });

  it('may follow a Secret token, as a rotation of the secret', async () => {
    const inbox = open();
    inbox.secret.value = { current: secret, previous: { value: 'the old token', acceptedUntil: NOW + 1 } };
    expect((await inbox.deliver(inbox.sign(sample, 'the old token'))).statusCode).toBe(200);
    const { body } = await inbox.deliver(inbox.sign(sample));
    expect(JSON.parse(body).status).toBe('duplicate');
  });
});

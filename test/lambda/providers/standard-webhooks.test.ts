import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '../../../lambda/signature/asymmetric.ts';
import { type SignedRequest, withHeaders } from '../../../lambda/signature/signed-request.ts';
import { standardWebhooksSignature } from '../../../lambda/signature/standard-webhooks.ts';
import { NOW, providerInbox } from '../../support/provider-inbox.ts';
import { headerOf, sharedKeys, statusOf, unsigned, withBody } from '../../support/provider-requests.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('standard-webhooks');
const shared = standardWebhooksSignature(['webhook']).generateKeys();
const pair = ed25519({ encoding: 'base64', keyPrefix: 'whpk_' }).generateKeys();

const signatureOf = (request: SignedRequest) => headerOf(request, 'webhook-signature');
const withSignature = (request: SignedRequest, signature: string) =>
  withHeaders(request, { 'webhook-signature': signature });

describe('A Standard Webhooks source', () => {
  it('accepts with a public key what was signed with the private key', async () => {
    const inbox = providerInbox({ provider: 'standard-webhooks', keys: pair });
    const signed = inbox.sign(sample);
    expect(signatureOf(signed)).toMatch(/^v1a,/);
    expect(await statusOf(inbox.deliver(withBody(signed, '{}')))).toBe(401);
    expect(await statusOf(inbox.deliver(signed))).toBe(200);
  });

  it('accepts one right signature among several, in either version', async () => {
    const withShared = providerInbox({ provider: 'standard-webhooks', keys: shared });
    const withPair = providerInbox({ provider: 'standard-webhooks', keys: pair });
    const signed = withShared.sign(sample);
    const both = withSignature(signed, `v2,x v1,AAAA ${signatureOf(withPair.sign(sample))} ${signatureOf(signed)}`);
    expect(await statusOf(withShared.deliver(both))).toBe(200);
    expect(await statusOf(withPair.deliver(both))).toBe(200);
  });

  it('rejects what is signed with the public key as if it were a shared secret', async () => {
    const inbox = providerInbox({ provider: 'standard-webhooks', keys: pair });
    const key = `whsec_${pair.verification.slice('whpk_'.length)}`;
    for (const forged of [inbox.sign(sample, key), inbox.sign(sample, pair.verification.slice('whpk_'.length))]) {
      expect(signatureOf(forged)).toMatch(/^v1,/);
      expect(await statusOf(inbox.deliver(forged))).toBe(401);
      const asPair = withSignature(forged, signatureOf(forged).replace('v1,', 'v1a,'));
      expect(await statusOf(inbox.deliver(asPair))).toBe(401);
    }
  });

  it('rejects an id with a dot, which could move text between the id, the time and the body', async () => {
    const inbox = providerInbox({ provider: 'standard-webhooks', keys: shared });
    const signed = inbox.sign({ ...sample, headers: { ...sample.headers, 'webhook-id': 'a' } });
    const at = headerOf(signed, 'webhook-timestamp');
    expect(await statusOf(inbox.deliver(withHeaders(signed, { 'webhook-id': `a.${at}` })))).toBe(401);
    const crafted = { ...signed, body: Buffer.concat([Buffer.from(`${at}.`), signed.body]) };
    const original = inbox.sign({
      ...sample,
      headers: { ...sample.headers, 'webhook-id': 'a' },
      body: `${crafted.body}`,
    });
    const moved = withHeaders({ ...original, body: signed.body }, { 'webhook-id': `a.${at}` });
    expect(await statusOf(inbox.deliver(moved))).toBe(401);
  });

  it.each([
    ['after the version, as Supabase shows it', (secret: string) => `v1,${secret}`],
    ['without the = at its end', (secret: string) => secret.replace(/=+$/, '')],
    ['without its prefix', (secret: string) => secret.slice('whsec_'.length)],
  ])('accepts a secret %s', async (_, shown) => {
    const keys = { signing: shared.signing, verification: shown(shared.verification) };
    const inbox = providerInbox({ provider: 'standard-webhooks', keys });
    expect(keys.verification).not.toBe(shared.verification);
    expect(await statusOf(inbox.deliver(inbox.sign(sample)))).toBe(200);
  });

  it.each([
    ['text', 'polar_whs_a-secret', 200],
    ['text', 'whsec_c2VjcmV0', 200],
    ['base64', 'whsec_c2VjcmV0', 401],
  ])(
    'with the setting %s and the secret %s answers %i if its characters are the key',
    async (secretEncoding, secret, status) => {
      const inbox = providerInbox({
        provider: 'standard-webhooks',
        keys: sharedKeys(secret),
        settings: { secretEncoding },
      });
      const content = `msg_1.${Math.floor(NOW / 1000)}.{}`;
      const signature = `v1,${createHmac('sha256', secret).update(content).digest('base64')}`;
      const headers = { ...unsigned('{}').headers, 'webhook-id': 'msg_1' };
      const signed = inbox.sign({ headers, body: '{}', events: [] });
      expect(await statusOf(inbox.deliver(withSignature(signed, signature)))).toBe(status);
    },
  );

  it('takes any JSON for a body, and leaves out a type and a time of another format', async () => {
    const inbox = providerInbox({ provider: 'standard-webhooks', keys: shared });
    const bodies = ['{"type":7,"timestamp":1795428842}', '[]', '"text"', 'null'];
    for (const [index, body] of bodies.entries()) {
      const headers = { 'content-type': 'application/json', 'webhook-id': `msg_${index}` };
      expect(await statusOf(inbox.deliver(inbox.sign({ headers, body, events: [] })))).toBe(200);
    }
    expect(inbox.items.map(({ event_id, event_type, occurred_at }) => [event_id, event_type, occurred_at])).toEqual(
      bodies.map((_, index) => [`msg_${index}`, undefined, undefined]),
    );
  });

  it('answers 503, not 401, where the stored secret is no key', async () => {
    const keys = { signing: shared.signing, verification: 'whsec_not/base64!' };
    const inbox = providerInbox({ provider: 'standard-webhooks', keys });
    expect(await statusOf(inbox.deliver(inbox.sign(sample)))).toBe(503);
  });
});

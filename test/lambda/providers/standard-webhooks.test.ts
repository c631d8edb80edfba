import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '../../../lambda/signature/asymmetric.ts';
import { onlyValue, type SignedRequest, withHeaders } from '../../../lambda/signature/signed-request.ts';
import { standardWebhooksSignature } from '../../../lambda/signature/standard-webhooks.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

const { sample } = readVector('standard-webhooks');
const shared = standardWebhooksSignature(['webhook']).generateKeys();
const pair = ed25519({ encoding: 'base64', keyPrefix: 'whpk_' }).generateKeys();

const signatureOf = ({ headers }: SignedRequest) => onlyValue(headers, 'webhook-signature') ?? '';
const withSignature = (request: SignedRequest, signature: string) =>
  withHeaders(request, { 'webhook-signature': signature });
const statusOf = async (answer: Promise<{ statusCode: number }>) => (await answer).statusCode;

describe('Standard Webhooks', () => {
  it('verifies with a public key what was signed with the private one', async () => {
    const inbox = providerInbox({ provider: 'standard-webhooks', keys: pair });
    const signed = inbox.sign(sample);
    expect(signatureOf(signed)).toMatch(/^v1a,/);
    expect(await statusOf(inbox.deliver({ ...signed, body: Buffer.from('{}') }))).toBe(401);
    expect(await statusOf(inbox.deliver(signed))).toBe(200);
  });

  it('takes one good signature of several, in either version', async () => {
    const withShared = providerInbox({ provider: 'standard-webhooks', keys: shared });
    const withPair = providerInbox({ provider: 'standard-webhooks', keys: pair });
    const signed = withShared.sign(sample);
    const both = withSignature(signed, `v2,x v1,AAAA ${signatureOf(withPair.sign(sample))} ${signatureOf(signed)}`);
    expect(await statusOf(withShared.deliver(both))).toBe(200);
    expect(await statusOf(withPair.deliver(both))).toBe(200);
  });

  it('never takes a public key for a shared secret', async () => {
    const inbox = providerInbox({ provider: 'standard-webhooks', keys: pair });
    const key = `whsec_${pair.verification.slice('whpk_'.length)}`;
    for (const forged of [inbox.sign(sample, key), inbox.sign(sample, pair.verification.slice('whpk_'.length))]) {
      expect(signatureOf(forged)).toMatch(/^v1,/);
      expect(await statusOf(inbox.deliver(forged))).toBe(401);
      const asPair = withSignature(forged, signatureOf(forged).replace('v1,', 'v1a,'));
      expect(await statusOf(inbox.deliver(asPair))).toBe(401);
    }
  });

  it('refuses an id with a dot, which could move text between the id, the time and the body', async () => {
    const inbox = providerInbox({ provider: 'standard-webhooks', keys: shared });
    const signed = inbox.sign({ ...sample, headers: { ...sample.headers, 'webhook-id': 'a' } });
    const at = onlyValue(signed.headers, 'webhook-timestamp') ?? '';
    expect(await statusOf(inbox.deliver(withHeaders(signed, { 'webhook-id': `a.${at}` })))).toBe(401);
    const crafted = { ...signed, body: Buffer.concat([Buffer.from(`${at}.`), signed.body]) };
    const original = inbox.sign({ ...sample, headers: { ...sample.headers, 'webhook-id': 'a' }, body: text(crafted) });
    const moved = withHeaders({ ...original, body: signed.body }, { 'webhook-id': `a.${at}` });
    expect(await statusOf(inbox.deliver(moved))).toBe(401);
  });

  it('answers 503, not 401, where the stored secret is no key', async () => {
    const keys = { signing: shared.signing, verification: 'whsec_not/base64!' };
    const inbox = providerInbox({ provider: 'standard-webhooks', keys });
    expect(await statusOf(inbox.deliver(inbox.sign(sample)))).toBe(503);
  });
});

describe('Svix', () => {
  const { sample, variants = [] } = readVector('svix');
  const open = () => providerInbox({ provider: 'svix', keys: shared });

  it('never mixes its two sets of headers', async () => {
    const inbox = open();
    const signed = inbox.sign(sample);
    const foreign = inbox.sign({ ...sample, headers: { ...variants[0]?.headers } });
    const both = { ...signed, headers: new Map([...foreign.headers, ...signed.headers]) };
    for (const part of ['id', 'timestamp', 'signature']) {
      const mixed = new Map(both.headers);
      mixed.delete(`svix-${part}`);
      expect(await statusOf(inbox.deliver({ ...both, headers: mixed }))).toBe(401);
    }
    expect(JSON.parse((await inbox.deliver(both)).body).event_id).toBe(onlyValue(signed.headers, 'svix-id'));
  });

  it('is not what Standard Webhooks accepts', async () => {
    const other = providerInbox({ provider: 'standard-webhooks', keys: shared });
    expect(await statusOf(other.deliver(open().sign(sample)))).toBe(401);
  });
});

const text = ({ body }: SignedRequest) => body.toString();

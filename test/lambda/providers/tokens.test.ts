import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { tokenInItems } from '../../../lambda/signature/token-in-items.ts';
import { providerInbox } from '../../support/provider-inbox.ts';
import { readVector } from '../../support/vectors.ts';

const keys = { signing: 'the-secret', verification: 'the-secret' };
const request = (body: string): SignedRequest => ({
  method: 'POST',
  url: '',
  query: new URLSearchParams(),
  headers: new Map([['content-type', ['application/json']]]),
  body: Buffer.from(body),
});

describe('a secret in every item', () => {
  const { verify } = tokenInItems({ list: 'value', field: 'clientState' });
  const verdict = (body: string) =>
    verify(request(body), {
      secret: 'the-secret',
      now: 0,
      settings: {},
      certificates: { get: async () => 'unavailable' },
    });

  it.each([
    ['valid', '{"value":[{"clientState":"the-secret"},{"clientState":"the-secret"}]}'],
    ['mismatch', '{"value":[{"clientState":"the-secret"},{"clientState":"another"}]}'],
    ['mismatch', '{"value":[{"clientState":"the-secret"},{"clientState":""}]}'],
    ['missing', '{"value":[{"clientState":"the-secret"},{}]}'],
    ['missing', '{"value":[{"clientState":"the-secret"},{"clientState":["the-secret"]}]}'],
    ['missing', '{"value":[]}'],
    ['malformed', '{"value":[{"clientState":"the-secret"},null]}'],
    ['malformed', '{"value":{"clientState":"the-secret"}}'],
    ['malformed', '{"clientState":"the-secret"}'],
    ['malformed', '[{"clientState":"the-secret"}]'],
    ['malformed', 'null'],
    ['malformed', ''],
    ['malformed', '['.repeat(100_000)],
  ])('is %s: %.70s', (expected, body) => {
    expect(verdict(body)).toBe(expected);
  });
});

describe('Microsoft Graph', () => {
  it('stores no secret', async () => {
    const inbox = providerInbox({ provider: 'microsoft-graph', keys });
    await inbox.deliver(inbox.sign(readVector('microsoft-graph').sample));
    expect(inbox.items).toHaveLength(2);
    for (const { data, payload } of inbox.items) {
      const text = typeof payload === 'string' ? payload : gunzipSync(payload).toString();
      expect(JSON.parse(text).subscriptionId).toBe(data.subscription_id);
      expect(text).not.toContain('the-secret');
    }
  });

  it.each(['<script>alert(1)</script>', '', 'a'.repeat(1025), '{"a":1}'])('sends back no %.30j', async (token) => {
    const inbox = providerInbox({ provider: 'microsoft-graph', keys });
    const query = new URLSearchParams({ validationToken: token });
    const { statusCode, body } = await inbox.deliver({ ...request(''), query });
    expect(statusCode).toBe(401);
    expect(body).not.toContain(token || 'the-secret');
  });
});

describe('Okta', () => {
  it.each(['<b>', 'a'.repeat(257), ''])('sends back no %.30j', async (challenge) => {
    const inbox = providerInbox({ provider: 'okta', keys });
    const headers = new Map([
      ['authorization', ['the-secret']],
      ['x-okta-verification-challenge', [challenge]],
    ]);
    expect((await inbox.deliver({ ...request(''), method: 'GET', headers })).statusCode).toBe(422);
  });

  it.each(['the-secre', 'the-secret ', 'Bearer the-secret', 'THE-SECRET'])('refuses %j', async (authorization) => {
    const inbox = providerInbox({ provider: 'okta', keys });
    const signed = inbox.sign(readVector('okta').sample);
    const headers = new Map(signed.headers).set('authorization', [authorization]);
    expect((await inbox.deliver({ ...signed, headers })).statusCode).toBe(401);
  });
});

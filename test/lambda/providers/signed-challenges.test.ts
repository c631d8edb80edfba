import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { ProviderResponse } from '../../../lambda/providers/handshake.ts';
import {
  type CustomDefinition,
  custom,
  type Provider,
  type ProviderName,
  providers,
} from '../../../lambda/providers/index.ts';
import type { SignedRequest } from '../../../lambda/signature/signed-request.ts';
import { plainContext } from '../../support/plain-request.ts';

const SECRET = 'a shared secret';
const NOW = 1_700_000_000_000;
const TIME = '1700000000';
const URL_GIVEN = 'https://hooks.example.com/webhooks/partner';

const request = (headers: Readonly<Record<string, string>>, body: string, query = ''): SignedRequest => ({
  method: 'POST',
  url: URL_GIVEN,
  query: new URLSearchParams(query),
  headers: new Map(Object.entries(headers).map(([name, value]) => [name, [value]])),
  body: Buffer.from(body),
});

/** What a provider answers to a handshake with this challenge; undefined if it refuses to sign the text. */
async function answerTo({ handshakes }: Provider, method: string, challenge: string, content?: unknown) {
  const handshake = handshakes?.signed ?? handshakes?.unsigned;
  const { query, headers, body } = request({}, '', new URLSearchParams({ crc_token: challenge, challenge }).toString());
  const given = { method, query, headers, body, content, settings: {}, secret: SECRET };
  const response = await handshake?.({ ...given, fetch: () => Promise.reject(new Error('nothing is fetched')) });
  return response as ProviderResponse | undefined;
}

const verdictOf = ({ signature }: Provider, signed: SignedRequest) =>
  signature.verify(signed, { ...plainContext, secret: SECRET, now: NOW });

const digest = (text: string, encoding: 'hex' | 'base64') => createHmac('sha256', SECRET).update(text).digest(encoding);

const partner = (content: string, more: Partial<CustomDefinition['signature']> = {}) =>
  custom({
    signature: {
      algorithm: 'hmac-sha256',
      header: 'X-Signature',
      prefix: 'sha256=',
      content,
      ...more,
    } as CustomDefinition['signature'],
    event: { id: { hash: 'body' } },
    handshakes: [{ method: 'GET', challenge: { query: 'challenge' }, answer: { text: 'sha256={hmac}' } }],
  });

const timestamp = { header: 'X-Timestamp' };
const id = { header: 'X-Id' };

/** Templates with bodies that are JSON and could be text of a challenge: each placeholder is a value of the attacker. */
const TEMPLATES: readonly (readonly [template: string, content: string, provider: Provider])[] = [
  ['{body}', '42', partner('{body}')],
  ['{timestamp}.{body}', `${TIME}.42`, partner('{timestamp}.{body}', { timestamp })],
  ['v0:{timestamp}:{body}', `v0:${TIME}:42`, partner('v0:{timestamp}:{body}', { timestamp })],
  ['{body}{timestamp}', `42${TIME}`, partner('{body}{timestamp}', { timestamp })],
  ['{id}.{timestamp}.{body}', `7.${TIME}.42`, partner('{id}.{timestamp}.{body}', { timestamp, id })],
  ['{method}:{url}:{body}', `POST:${URL_GIVEN}:42`, partner('{method}:{url}:{body}')],
  ['{header:X-Id}.{body}', '7.42', partner('{header:X-Id}.{body}')],
];

describe('the answer to a handshake of a custom source', () => {
  it.each(TEMPLATES)(
    'is no signature of an event, although it is the HMAC of what %s covers',
    async (_, content, provider) => {
      const answer = await answerTo(provider, 'GET', content);
      expect(answer?.body).toBe(`sha256=${digest(content, 'hex')}`);
      for (const body of ['42', ' 42', '"42"', 'true', '']) {
        const forged = request({ 'x-signature': `${answer?.body}`, 'x-timestamp': TIME, 'x-id': '7' }, body);
        expect(await verdictOf(provider, forged)).toBe('mismatch');
      }
    },
  );

  it.each(['{"id":1}', '[{"id":1}]', `${TIME}.{"id":1}`])(
    'is refused to text with a brace or a bracket: %s',
    async (content) => {
      expect(await answerTo(partner('{body}'), 'GET', content)).toBeUndefined();
    },
  );
});

describe('the answer to a handshake of X', () => {
  const x = providers.x();

  it.each(['42', 'true', 'v0:1:2'])('is no signature of the body %s, and no object is signed', async (content) => {
    const answer = await answerTo(x, 'GET', content);
    const token = `sha256=${digest(content, 'base64')}`;
    expect(answer?.body).toBe(JSON.stringify({ response_token: token }));
    expect(await verdictOf(x, request({ 'x-twitter-webhooks-signature': token }, content))).toBe('mismatch');
    expect(await answerTo(x, 'GET', '{"id":1}')).toBeUndefined();
  });
});

describe('the answer to a handshake of Zoom', () => {
  const zoom = providers.zoom();
  const validation = (plainToken: string) => ({ event: 'endpoint.url_validation', payload: { plainToken } });

  it('is never made for text that begins as the signed content of an event does', async () => {
    expect(await answerTo(zoom, 'POST', '', validation('qgg8vlvZRS6UYooatFL8Aw'))).toMatchObject({ status: 200 });
    expect(await answerTo(zoom, 'POST', '', validation(`v0:${TIME}:42`))).toBeUndefined();
    const signature = `v0=${digest(`v0:${TIME}:42`, 'hex')}`;
    const genuine = request({ 'x-zm-signature': signature, 'x-zm-request-timestamp': TIME }, '42');
    expect(await verdictOf(zoom, genuine)).toBe('valid');
  });
});

it('only X and Zoom have handshakes that sign challenges', () => {
  const names = Object.keys(providers) as ProviderName[];
  expect(names.filter((name) => providers[name]().handshakes?.signsChallenge)).toEqual(['x', 'zoom']);
});

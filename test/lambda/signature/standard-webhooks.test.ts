import { describe, expect, it } from '@jest/globals';
import { hmac } from '../../../lambda/signature/hmac.ts';
import { standardWebhooksSignature } from '../../../lambda/signature/standard-webhooks.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const SECRET = 'whsec_c2VjcmV0';
const scheme = standardWebhooksSignature(['webhook', 'svix']);
const hmacOf = (id: string) => `v1,${hmac({ encoding: 'base64', key: 'whsec_' }).sign([`${id}.0.`, '{}'], SECRET)}`;
const signedHeaders = (id: string, signature = hmacOf(id)): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': '0',
  'webhook-signature': signature,
});
const verdict = (headers: Record<string, string>) =>
  scheme.verify(plainRequest('{}', headers), { ...plainContext, secret: SECRET });

describe('Standard Webhooks', () => {
  it('pass where one of the signatures, set apart by spaces, holds', () => {
    expect(verdict(signedHeaders('msg_1'))).toBe('valid');
    expect(verdict(signedHeaders('msg_1', `v1a,abc ${hmacOf('msg_2')} ${hmacOf('msg_1')}`))).toBe('valid');
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('are missing a signature without %s', (name) => {
    const { [name]: _, ...rest } = signedHeaders('msg_1');
    expect(verdict(rest)).toBe('missing');
    expect(verdict({ ...rest, [name.replace('webhook', 'svix')]: signedHeaders('msg_1')[name] ?? '' })).toBe('missing');
  });

  it.each([
    ['malformed', 'an empty id', signedHeaders('')],
    ['malformed', 'a dot in the id', signedHeaders('msg.1')],
    ['malformed', 'another version', signedHeaders('msg_1', hmacOf('msg_1').replace('v1,', 'v2,'))],
    ['malformed', 'no version', signedHeaders('msg_1', hmacOf('msg_1').slice(3))],
    ['mismatch', 'the signature of another', signedHeaders('msg_1', hmacOf('msg_2'))],
  ])('are %s with %s', (expected, _, headers) => {
    expect(verdict(headers)).toBe(expected);
  });

  it('have the characters of the secret as their key if the source says so, except for a public key', () => {
    const request = plainRequest('{}', { 'webhook-id': 'msg_1' });
    const verdictAs = (settings: Record<string, string>, secret: string, signed = request) =>
      scheme.verify(signed, { ...plainContext, settings, secret });
    const asText = { secretEncoding: 'text' };
    const signed = scheme.sign(request, { ...plainContext, settings: asText, key: SECRET });
    expect(verdictAs(asText, SECRET, signed)).toBe('valid');
    expect(verdictAs({}, SECRET, signed)).toBe('mismatch');
    expect(verdictAs({ secretEncoding: 'base64' }, SECRET, signed)).toBe('mismatch');
    const forged = hmac({ encoding: 'base64' }).sign(['msg_1.0.', '{}'], 'whpk_AAAA');
    expect(verdictAs(asText, 'whpk_AAAA', plainRequest('{}', signedHeaders('msg_1', `v1,${forged}`)))).toBe(
      'malformed',
    );
  });

  it('cannot be signed without an id, and say so', () => {
    expect(() => scheme.sign(plainRequest('{}'), { ...plainContext, key: SECRET })).toThrow(
      'The request lacks what its signature covers: missing',
    );
  });
});

import { describe, expect, it } from '@jest/globals';
import { hmac } from '../../../lambda/signature/hmac.ts';
import { standardWebhooksSignature } from '../../../lambda/signature/standard-webhooks.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const SECRET = 'whsec_c2VjcmV0';
const scheme = standardWebhooksSignature(['webhook', 'svix']);
const hmacOf = (id: string) =>
  `v1,${hmac({ encoding: 'base64', base64After: 'whsec_' }).sign([`${id}.0.`, '{}'], SECRET)}`;
const signed = (id: string, signature = hmacOf(id)): Record<string, string> => ({
  'webhook-id': id,
  'webhook-timestamp': '0',
  'webhook-signature': signature,
});
const verdict = (headers: Record<string, string>) =>
  scheme.verify(plainRequest('{}', headers), { ...plainContext, secret: SECRET });

describe('A Standard Webhooks signature', () => {
  it('is valid if one of those in the header, separated by spaces, is right', () => {
    expect(verdict(signed('msg_1'))).toBe('valid');
    expect(verdict(signed('msg_1', `v1a,abc ${hmacOf('msg_2')} ${hmacOf('msg_1')}`))).toBe('valid');
  });

  it.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])(
    'is missing without the header %s, even if Svix has one of its own',
    (name) => {
      const { [name]: _, ...rest } = signed('msg_1');
      expect(verdict(rest)).toBe('missing');
      expect(verdict({ ...rest, [name.replace('webhook', 'svix')]: signed('msg_1')[name] ?? '' })).toBe('missing');
    },
  );

  it.each([
    ['malformed', 'an empty id', signed('')],
    ['malformed', 'a dot in the id', signed('msg.1')],
    ['malformed', 'another version', signed('msg_1', hmacOf('msg_1').replace('v1,', 'v2,'))],
    ['malformed', 'no version', signed('msg_1', hmacOf('msg_1').slice(3))],
    ['mismatch', 'the signature of another message', signed('msg_1', hmacOf('msg_2'))],
  ])('is %s with %s', (expected, _, headers) => {
    expect(verdict(headers)).toBe(expected);
  });

  it('cannot be made without an id, and signing throws', () => {
    expect(() => scheme.sign(plainRequest('{}'), { ...plainContext, key: SECRET })).toThrow(
      'The request lacks what its signature covers: missing',
    );
  });
});

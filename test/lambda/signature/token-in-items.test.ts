import { describe, expect, it } from '@jest/globals';
import { tokenInItems } from '../../../lambda/signature/token-in-items.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const scheme = tokenInItems({ list: 'value', field: 'clientState' });
const verdict = (body: string) => scheme.verify(plainRequest(body), { ...plainContext, secret: 'secret' });

describe('a secret in every item', () => {
  it.each([
    ['valid', '{"value":[{"clientState":"secret"},{"clientState":"secret"}]}'],
    ['mismatch', '{"value":[{"clientState":"secret"},{"clientState":"other"}]}'],
    ['missing', '{"value":[{"clientState":"secret"},{}]}'],
    ['missing', '{"value":[{"clientState":["secret"]}]}'],
    ['missing', '{"value":[]}'],
    ['malformed', '{"value":{"clientState":"secret"}}'],
    ['malformed', '{"value":[{"clientState":"secret"},null]}'],
    ['malformed', '{}'],
    ['malformed', '{'],
  ])('is %s in %s', (expected, body) => {
    expect(verdict(body)).toBe(expected);
  });

  it('is put into each of them', () => {
    const signed = scheme.sign(plainRequest('{"value":[{"id":1},{"id":2}]}'), { ...plainContext, key: 'secret' });
    expect(verdict(signed.body.toString())).toBe('valid');
  });

  it.each(['{}', '{'])('cannot be put into %s, which is said', (body) => {
    expect(() => scheme.sign(plainRequest(body), { ...plainContext, key: 'secret' })).toThrow(
      'The request lacks what carries its secret: value',
    );
  });
});

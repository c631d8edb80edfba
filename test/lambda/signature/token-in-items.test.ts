import { describe, expect, it } from '@jest/globals';
import { tokenInItems } from '../../../lambda/signature/token-in-items.ts';
import { plainContext, plainRequest } from '../../support/plain-request.ts';

const scheme = tokenInItems({ list: 'value', field: 'clientState' });
const verdict = (body: string) => scheme.verify(plainRequest(body), { ...plainContext, secret: 'secret' });

describe('A token in every item', () => {
  it.each([
    ['valid', '{"value":[{"clientState":"secret"},{"clientState":"secret"}]}'],
    ['mismatch', '{"value":[{"clientState":"secret"},{"clientState":"other"}]}'],
    ['mismatch', '{"value":[{"clientState":"secret"},{"clientState":""}]}'],
    ['missing', '{"value":[{"clientState":"secret"},{}]}'],
    ['missing', '{"value":[{"clientState":["secret"]}]}'],
    ['missing', '{"value":[{"clientState":"secret"},{"clientState":["secret"]}]}'],
    ['missing', '{"value":[]}'],
    ['malformed', '{"value":{"clientState":"secret"}}'],
    ['malformed', '{"value":[{"clientState":"secret"},null]}'],
    ['malformed', '{"clientState":"secret"}'],
    ['malformed', '[{"clientState":"secret"}]'],
    ['malformed', '{}'],
    ['malformed', '{'],
    ['malformed', 'null'],
    ['malformed', ''],
  ])('is %s in the body %s', (expected, body) => {
    expect(verdict(body)).toBe(expected);
  });

  it('is malformed in a body of 100,000 open brackets', () => {
    expect(verdict('['.repeat(100_000))).toBe('malformed');
  });

  it('is written into each of them', () => {
    const signed = scheme.sign(plainRequest('{"value":[{"id":1},{"id":2}]}'), { ...plainContext, key: 'secret' });
    expect(verdict(signed.body.toString())).toBe('valid');
  });

  it.each(['{}', '{'])('cannot be written into %s, and signing throws', (body) => {
    expect(() => scheme.sign(plainRequest(body), { ...plainContext, key: 'secret' })).toThrow(
      'The request lacks what carries its secret: value',
    );
  });
});

describe('The body that holds the tokens', () => {
  it('is read before they are verified', () => {
    expect(scheme.readsBody?.(new Map())).toBe(true);
  });
});

import { expect, it } from '@jest/globals';
import { token } from '../../../lambda/signature/token.ts';

it.each([
  ['valid', 'secret'],
  ['mismatch', 'Secret'],
  ['mismatch', 'secret '],
  ['mismatch', ''],
])('The verdict on a token is %s if the request has %j and the secret is "secret"', (verdict, sent) => {
  expect(token.verify([], sent, 'secret')).toBe(verdict);
});

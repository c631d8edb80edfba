import { expect, it } from '@jest/globals';
import { token } from '../../../lambda/signature/token.ts';

it.each([
  ['valid', 'secret'],
  ['mismatch', 'Secret'],
  ['mismatch', 'secret '],
  ['mismatch', ''],
])('a token is %s as %j', (verdict, sent) => {
  expect(token.verify([], sent, 'secret')).toBe(verdict);
});

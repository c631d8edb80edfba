import { describe, expect, it } from '@jest/globals';
import { suggestion } from '../../../lambda/providers/suggestion.ts';

const words = ['generic', 'github', 'gitlab', 'stripe', 'svix', 'x', 'microsoft-graph'];

describe('the suggestion for a mistyped word', () => {
  it.each([
    ['Stripe', 'stripe'],
    ['strip', 'stripe'],
    ['strippe', 'stripe'],
    ['GITHUB', 'github'],
    ['gitlba', 'gitlab'],
    ['svxi', 'svix'],
    ['microsoft-grph', 'microsoft-graph'],
    ['X', 'x'],
  ])('for %s is %s', (mistyped, meant) => {
    expect(suggestion(mistyped, words)).toBe(meant);
  });

  it.each(['nobody', '', 'y', 'constructor', 'abc'])('is none for "%s", which is close to no word', (mistyped) => {
    expect(suggestion(mistyped, words)).toBeUndefined();
  });

  it('is the closest of several', () => {
    expect(suggestion('gitub', ['gitlab', 'github'])).toBe('github');
  });
});

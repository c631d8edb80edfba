import { expect, it } from '@jest/globals';
import { Problem } from '../../../lambda/receiver/problem.ts';

it('says what it is, takes no time for where it was thrown, and leaves other errors theirs', () => {
  const problem = new Problem('not_found');
  expect(String(problem)).toBe('Problem: not_found');
  expect(problem.stack).not.toMatch(/\n\s+at /);
  expect(new Error('another').stack).toMatch(/\n\s+at .*problem\.test\.ts/);
});

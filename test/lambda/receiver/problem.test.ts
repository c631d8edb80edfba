import { expect, it } from '@jest/globals';
import { Problem } from '../../../lambda/receiver/problem.ts';

it('A problem has its code as its message and collects no stack trace, and other errors still do', () => {
  const problem = new Problem('not_found');
  expect(String(problem)).toBe('Problem: not_found');
  expect(problem.stack).not.toMatch(/\n\s+at /);
  expect(new Error('another').stack).toMatch(/\n\s+at .*problem\.test\.ts/);
});

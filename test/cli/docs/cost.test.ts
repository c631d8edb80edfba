import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { costPage } from '../../../cli/docs/cost.ts';

it('docs/cost.md is what npm run cost writes', () => {
  expect(readFileSync(new URL('../../../docs/cost.md', import.meta.url), 'utf8')).toBe(costPage());
});

import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

test.each(globSync('.github/workflows/*.yml'))('%s pins each action by commit, and names its version', (file) => {
  const uses = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('uses: '));

  expect(uses).not.toHaveLength(0);
  for (const line of uses) expect(line).toMatch(/uses: [\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
});

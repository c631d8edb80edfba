import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

test('docs/custom-provider.md quotes the tested example', () => {
  const page = readFileSync('docs/custom-provider.md', 'utf8');
  expect(page).toContain(`\`\`\`ts\n${readFileSync('examples/own-provider/acme.ts', 'utf8')}\`\`\``);
});

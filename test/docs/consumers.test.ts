import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const page = readFileSync('docs/consumers.md', 'utf8');
const snippets = [...page.matchAll(/^```ts\n(.+?)^```$/gms)].map(([, snippet = '']) => snippet);
const example = globSync('examples/consumer/*.ts').map((file) => readFileSync(file, 'utf8'));

test.each(snippets)('docs/consumers.md quotes the tested example: %s', (snippet) => {
  expect(example.some((text) => text.includes(snippet))).toBe(true);
});

test('docs/consumers.md has snippets', () => {
  expect(snippets.length).toBeGreaterThan(5);
});

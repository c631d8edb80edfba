import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

test('the index of docs/decisions.md links to every decision, in the order of the page', () => {
  const lines = readFileSync('docs/decisions.md', 'utf8').split('\n');
  const headings = lines.filter((line) => line.startsWith('## ')).map((line) => line.slice('## '.length));
  const index = lines.filter((line) => line.startsWith('- [') && line.includes('](#'));

  expect(index).toEqual(headings.map((heading) => `- [${heading}](#${anchorOf(heading)})`));
});

/** The anchor that GitHub gives a heading: lower case, hyphens for spaces, and no other punctuation. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-');
}

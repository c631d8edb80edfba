import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { CAUSES } from '../../cli/scheme/causes.ts';
import { MAX_TRIES } from '../../cli/scheme/tries.ts';
import { providers } from '../../lambda/providers/index.ts';
import { BROKEN_REQUESTS } from '../cli/scheme/broken-requests.ts';

const page = readFileSync(new URL('../../docs/scheme.md', import.meta.url), 'utf8');
const rowsAfter = (heading: string) =>
  (page.split(`\n## ${heading}\n`)[1] ?? '')
    .split('\n## ')[0]
    ?.split('\n')
    .filter((each) => each.startsWith('| '))
    .slice(1);

it('docs/scheme.md lists every kind of broken request that is tested, with its cause', () => {
  const rows = BROKEN_REQUESTS.map(
    ({ kind, provider, cause }) => `| ${kind} | ${providers[provider]().title} | \`${cause}\` |`,
  );
  expect(rowsAfter('Broken requests')).toEqual(rows);
});

it('docs/scheme.md lists every cause with what the command prints', () => {
  const rows = Object.entries(CAUSES).map(([name, text]) => `| \`${name}\` | ${text} |`);
  expect(rowsAfter('Causes')).toEqual(rows);
});

it('docs/scheme.md has the limit of tries', () => {
  expect(page).toContain(`at most ${MAX_TRIES.toLocaleString('en')} tries`);
});

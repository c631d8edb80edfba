import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { anchorsIn, linksIn } from '../support/markdown.ts';

const ROOT = new URL('../../', import.meta.url);
const FOLDERS =
  '{.github,bench,bin,cli,console,consumer,docs,examples,lambda,lib,packaging,probe,provider,samples,test}';

const find = (...patterns: readonly string[]) => globSync(patterns, { cwd: ROOT, exclude: ['**/node_modules'] });
const textOf = (file: string) => readFileSync(new URL(file, ROOT), 'utf8');

const pages = find('*.md', `${FOLDERS}/**/*.md`);
const sources = find(`${FOLDERS}/**/*.{ts,tsx}`).filter((file) => !file.endsWith('.test.ts'));

/** A page that a comment or a message names by its path from the project's folder, such as docs/http.md#checks. */
const PAGE = /(?<![\w/.-])(?:docs\/[\w-]+(?:\/[\w-]+)*|README|SECURITY|CONTRIBUTING|CHANGELOG)\.md(?:#[\w-]+)?/g;

/** Whether a link leads to another site, to a file of this repository, or to a heading of such a file. */
function isAlive(target: string, page: string): boolean {
  const url = new URL(target, new URL(page, ROOT));
  if (url.protocol !== 'file:') return true;
  const anchor = url.hash.slice(1);
  url.hash = '';
  return existsSync(url) && (anchor === '' || anchorsIn(readFileSync(url, 'utf8')).includes(anchor));
}

describe('the links and images in', () => {
  it.each(pages)('%s lead to files and headings that exist', (page) => {
    expect(linksIn(textOf(page)).filter((target) => !isAlive(target, page))).toEqual([]);
  });
});

it('the pages that the code names have the headings that it names', () => {
  const named = sources.flatMap((file) => [...textOf(file).matchAll(PAGE)].map(([target]) => ({ file, target })));
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter(({ target }) => !isAlive(target, ''))).toEqual([]);
});

import { existsSync, globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { anchorsIn, linksIn } from '../support/markdown.ts';

const ROOT = new URL('../../', import.meta.url);
const pages = globSync(['*.md', '{bench,docs,examples,lambda,lib,probe,samples,test}/**/*.md'], {
  cwd: ROOT,
  exclude: ['**/node_modules'],
});

/** Whether a link leads to another site, to a file of this repository, or to a heading of such a file. */
function isAlive(target: string, page: string): boolean {
  const url = new URL(target, new URL(page, ROOT));
  if (url.protocol !== 'file:') return true;
  const anchor = url.hash.slice(1);
  url.hash = '';
  return existsSync(url) && (anchor === '' || anchorsIn(readFileSync(url, 'utf8')).includes(anchor));
}

describe('the links in', () => {
  it.each(pages)('%s lead to files and headings that exist', (page) => {
    const links = linksIn(readFileSync(new URL(page, ROOT), 'utf8'));
    expect(links.filter((target) => !isAlive(target, page))).toEqual([]);
  });
});

import { globSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { headingsIn } from '../support/markdown.ts';

/** The headings of docs/decisions.md are the decisions, as sentences. */
const pages = globSync(['*.md', '{docs,examples,samples,test}/**/*.md'], {
  exclude: ['**/node_modules', 'docs/decisions.md'],
});

/** Verbs and questions with which a heading about the same could begin. */
const NO_NOUNS =
  /^(?:add|adopt|choose|consume|create|deploy|find|fix|forward|get|handle|how|install|make|operate|receive|remove|rotate|run|send|set|store|try|what|where|who|why it|write)\b/i;

test.each(pages)('the headings of %s are nouns', (page) => {
  expect(headingsIn(readFileSync(page, 'utf8')).filter((heading) => NO_NOUNS.test(heading))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { providerDocs } from '../../../cli/docs/provider-docs.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';

const names = Object.keys(providers) as ProviderName[];
const byTitle = names.map((name) => [name, providers[name]().title] as const);

const docs = () => readFileSync('docs/providers.md', 'utf8');

it('docs/providers.md is what `npm run docs` writes', () => {
  expect(docs()).toBe(providerDocs());
});

describe.each(byTitle)('%s', (name, title) => {
  it('has a row in the table, which links to its page', () => {
    expect(docs()).toContain(`\n| [${title}](providers/${name}.md) | \`${name}\` |`);
  });
});

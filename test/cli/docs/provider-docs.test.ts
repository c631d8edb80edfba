import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { PROVIDERS_FILE } from '../../../cli/docs/docs.ts';
import { providerDocs } from '../../../cli/docs/provider-docs.ts';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { readVectorFile } from '../../../samples/sample.ts';

const names = Object.keys(providers) as ProviderName[];
const byTitle = names.map((name) => [name, providers[name]().title] as const);

const docs = () => readFileSync(PROVIDERS_FILE, 'utf8');

it('docs/providers.md is what `npm run docs` writes', async () => {
  expect(docs()).toBe(await providerDocs());
});

describe.each(byTitle)('%s', (name, title) => {
  it('has a guide in its file, with a sentence on everything', async () => {
    const { guide } = await import(`../../../lambda/providers/${name === 'meta' ? 'meta/meta' : name}.ts`);
    const { url, secret, rotation, retries, weaknesses, notes = 'None.' } = guide;
    for (const text of [url, secret, rotation, retries, weaknesses, notes]) {
      expect(text).toMatch(/^\S.{3,}[.]$/s);
    }
  });

  it('has a vector', () => {
    expect(readVectorFile(name).sample.body).not.toBe('');
  });

  it('has a line of the table and a section', () => {
    expect(docs()).toContain(`\n| [${title}](#`);
    expect(docs()).toContain(`\n## ${title}\n\n- **Name**: \`${name}\`\n`);
  });
});

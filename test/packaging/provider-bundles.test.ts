import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { providersIn } from '../../lambda/receiver/deployed-sources.ts';
import { openSources } from '../../lambda/receiver/open-sources.ts';
import { writeFiles } from '../../lib/functions/function-code.ts';
import { receiverFiles } from '../../lib/functions/receiver-files.ts';

/**
 * The size of the receiver for one GitHub source when there were 27 providers, in bytes, and what it has learned since: a
 * prefix of the payload bucket, and bounds of nesting.
 */
const GITHUB_ALONE = 329_345 + 300;

const names = Object.keys(providers) as ProviderName[];
const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-bundles-'));
const one = join(folder, 'one');
const every = join(folder, 'every');

beforeAll(() => {
  writeFiles(one, receiverFiles({ 'github-main': { provider: 'github' } }));
  writeFiles(every, receiverFiles(Object.fromEntries([...names, 'custom'].map((name) => [name, { provider: name }]))));
});
afterAll(() => rmSync(folder, { recursive: true }));

const modulesIn = (path: string) =>
  readdirSync(path, { recursive: true })
    .map(String)
    .filter((file) => file.endsWith('.mjs'))
    .map((file) => join(path, file));

const codeIn = (path: string) =>
  modulesIn(path)
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');

describe('The receiver for one GitHub source', () => {
  it('is no larger than it was with fewer providers', () => {
    const bytes = modulesIn(one).reduce((sum, file) => sum + statSync(file).size, 0);
    expect(bytes).toBeLessThanOrEqual(GITHUB_ALONE);
  });

  it.each([
    ['JSON Web Tokens', 'RS256'],
    ['custom sources', 'is no placeholder'],
    ['another provider', 'stripe-signature'],
  ])('has no code for %s', (_, text) => {
    expect(codeIn(every)).toContain(text);
    expect(codeIn(one)).not.toContain(text);
  });
});

it('Each provider works from its bundle, beside all others', async () => {
  const options = new Map(names.map((name) => [name, { provider: name }]));
  const sources = await openSources(options, providersIn(every));
  for (const [name, { provider }] of sources) {
    const { title, signature } = providers[name as ProviderName]();
    expect([provider.title, provider.signature.bodyCoverage]).toEqual([title, signature.bodyCoverage]);
  }
});

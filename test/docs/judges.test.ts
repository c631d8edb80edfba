import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { toWritten } from '../support/judged-requests.ts';
import { unsignedRequest } from '../support/signable-requests.ts';
import { readVector } from '../support/vectors.ts';

const rows = new Map(
  [
    ...readFileSync('docs/judges.md', 'utf8').matchAll(
      /^\| \[[^\]]+\]\(providers\/([\w-]+)\.md\) \| (.+) \| (.*) \|$/gm,
    ),
  ].map(([, name = '', judge = '', run = '']) => [name, { judge, run }] as const),
);
const names = Object.keys(providers) as ProviderName[];

/** The SDK that judges the requests of a provider in CI. */
function judgeOf(name: ProviderName): string | undefined {
  const file = `test/vectors/judged/${name}.json`;
  if (!existsSync(file)) return undefined;
  const { judge } = JSON.parse(readFileSync(file, 'utf8'));
  return `${judge.name} ${judge.version}`;
}

/** Whether a signed request holds the key itself, so that there is no signature to judge. */
function carriesSecret(name: ProviderName): boolean {
  const definition = providers[name]();
  const { signing } = definition.signature.generateKeys();
  const request = unsignedRequest(readVector(name).sample, `https://hooks.example.com/webhooks/${name}`, 0);
  const context = { key: signing, now: 0, settings: exampleSettings(definition) };
  return JSON.stringify(toWritten(definition.signature.sign(request, context))).includes(signing);
}

describe('docs/judges.md', () => {
  it('lists each provider', () => {
    expect([...rows.keys()].toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('names who judged %s', (name) => {
    const { judge, run } = rows.get(name) ?? { judge: '', run: '' };
    const sdk = judgeOf(name);
    if (sdk)
      expect({ judge, run }).toEqual({ judge: expect.stringContaining(sdk), run: 'each time, by `npm run judges`' });
    else expect(run).toBe(judge.startsWith('nobody: ') ? '' : 'once; the result is recorded');
  });

  const unjudged = names.filter((name) => rows.get(name)?.run === '');

  it.each(unjudged)('lists nobody for %s only because it signs nothing, and its page says so', (name) => {
    expect(readVector(name).recorded).toEqual([]);
    expect(carriesSecret(name)).toBe(true);
    expect(readFileSync(`docs/providers/${name}.md`, 'utf8')).toMatch(/^- .*No code but the inbox's own has judged/m);
  });
});

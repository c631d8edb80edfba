import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../lambda/providers/index.ts';

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

const hasRecorded = (name: ProviderName) =>
  (JSON.parse(readFileSync(`test/vectors/${name}.json`, 'utf8')).recorded ?? []).length > 0;

describe('docs/judges.md', () => {
  it('lists each provider', () => {
    expect([...rows.keys()].toSorted()).toEqual(names.toSorted());
  });

  it.each(names)('names who judged %s', (name) => {
    const { judge, run } = rows.get(name) ?? { judge: '', run: '' };
    const sdk = judgeOf(name);
    if (sdk)
      expect({ judge, run }).toEqual({ judge: expect.stringContaining(sdk), run: 'each time, by `npm run judges`' });
    else expect(run).toBe(judge === 'none' ? '' : 'once; the result is recorded');
    if (hasRecorded(name)) expect(judge).not.toBe('none');
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { providerNames } from '../../cli/docs/provider-names.ts';
import { providers } from '../../lambda/providers/index.ts';

const readme = readFileSync('README.md', 'utf8');
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8'));

describe('README.md', () => {
  it('names every provider, as `npm run docs` writes them', () => {
    expect(readme).toContain(`\n\n${providerNames()}\n\n`);
  });

  it('has the number of providers wherever it gives one', () => {
    const numbers = [...readme.matchAll(/(\d+) providers/g)].map(([, number]) => Number(number));
    expect(new Set(numbers)).toEqual(new Set([Object.keys(providers).length - 1]));
    expect(numbers).toHaveLength(2);
  });

  it('runs only scripts that package.json has', () => {
    const named = [...readme.matchAll(/\bnpm (?:run )?(?!ci\b|run\b)([\w:-]+)/g)].map(([, script = '']) => script);
    expect(named).toContain('send');
    expect(named.filter((script) => !(script in scripts))).toEqual([]);
  });

  it('fits on a few screens', () => {
    expect(readme.split(/\s+/).length).toBeLessThan(1000);
  });

  it('shows a picture that the settings of the reader choose, in both colours', () => {
    expect(readme).toContain('media="(prefers-color-scheme: dark)" srcset="docs/console-dark.png"');
    expect(readme).toContain('src="docs/console-light.png"');
  });
});

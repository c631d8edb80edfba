import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { CustomDefinition } from '../../lambda/providers/index.ts';
import { custom, validateCustom } from '../../lambda/providers/index.ts';
import { checkSample } from '../../lib/providers/check-sample.ts';

const page = readFileSync(new URL('../../docs/custom.md', import.meta.url), 'utf8');
const definitions: readonly CustomDefinition[] = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) =>
  JSON.parse(json),
);

describe('docs/custom.md', () => {
  it('has definitions that are valid, and verify and read what they sign', () => {
    expect(definitions.length).toBeGreaterThanOrEqual(6);
    for (const definition of definitions) {
      expect(validateCustom(definition)).toEqual([]);
      expect(() => checkSample(definition.title ?? 'example', custom(definition))).not.toThrow();
    }
  });

  it('quotes a message as it is', () => {
    const [message = ''] = validateCustom({
      signature: { algorithm: 'ed25519', header: 'X', key: 'whsec_' },
      event: { id: { hash: 'body' } },
    });
    expect(page).toContain(`\`${message}\``);
  });
});

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readInboxFile } from '../../cli/inbox-file.ts';
import type { CustomDefinition } from '../../lambda/providers/index.ts';
import { custom, validateCustom } from '../../lambda/providers/index.ts';
import { checkSample } from '../../lib/providers/check-sample.ts';

const page = readFileSync(new URL('../../docs/custom.md', import.meta.url), 'utf8');
const blocks = [...page.matchAll(/```json\n([\s\S]*?)```/g)].map(([, json = '']) => JSON.parse(json));
const [file, ...definitions]: [{ sources: object }, ...CustomDefinition[]] = [blocks[0], ...blocks.slice(1)];

describe('docs/custom.md', () => {
  it('has a file for --config that is valid', () => {
    const folder = mkdtempSync(join(tmpdir(), 'inbox-'));
    writeFileSync(join(folder, 'inbox.json'), JSON.stringify(file));
    const { sources } = readInboxFile(join(folder, 'inbox.json'));
    rmSync(folder, { recursive: true });
    expect([...sources.keys()]).toEqual(['harbor']);
  });

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

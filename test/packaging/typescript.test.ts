import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

// What Node.js 20 is like: it does not run TypeScript by itself.
const NODE = ['--no-experimental-strip-types', '--no-warnings', '--import', './packaging/typescript.mjs'];

const run = (...args: string[]) => execFileSync(process.execPath, [...NODE, ...args], { encoding: 'utf8' });

it('runs a command on a Node.js that does not run TypeScript', () => {
  expect(run('bin/webhook-inbox.ts', 'start', '--help')).toMatch(/^Runs webhook-inbox on this machine/);
});

it('names the line of the TypeScript file where an error was thrown', () => {
  const folder = mkdtempSync(join(tmpdir(), 'typescript-'));
  const file = join(folder, 'throws.ts');
  try {
    writeFileSync(
      file,
      'interface Gone {\n  of: never;\n}\n\ntry {\n  throw new Error();\n} catch ({ stack }: any) {\n  console.log(stack);\n}\n',
    );
    expect(run(file)).toContain(`${file}:6:`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

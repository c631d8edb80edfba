import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from './paths.ts';

const run = promisify(execFile);

/** The path in a relative import, as the compiler writes it: `from '…'` or `import("…")`. */
const RELATIVE_IMPORT = /(?<=\b(?:from |import\()(["']))(\.{1,2}\/[^"']+)\.ts(?=\1)/g;

/**
 * Writes the declarations of the entries into the folder `output`, with all declarations that they need and no others.
 * The paths of imports end in `.js`, so that every version of TypeScript finds them.
 * @param entries paths of source files, relative to the project's folder, which packaging/tsconfig.json lists too
 * @throws {Error} if the sources do not compile
 */
export async function buildDeclarations(entries: readonly string[], output: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'webhook-inbox-declarations-'));
  try {
    const tsc = join(ROOT, 'node_modules/.bin/tsc');
    await run(tsc, ['--project', join(ROOT, 'packaging'), '--outDir', folder]);
    copyReachable(entries, folder, output);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function copyReachable(entries: readonly string[], from: string, to: string): void {
  const sources = new Set(entries);
  for (const source of sources) {
    const name = source.replace(/\.ts$/, '.d.ts');
    const text = readFileSync(join(from, name), 'utf8');
    mkdirSync(join(to, dirname(name)), { recursive: true });
    writeFileSync(join(to, name), text.replaceAll(RELATIVE_IMPORT, '$2.js'));
    for (const [, , path] of text.matchAll(RELATIVE_IMPORT)) sources.add(join(dirname(source), `${path}.ts`));
  }
}

import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { functionBundle } from './function-bundle.ts';
import { ROOT } from './paths.ts';

/** What a bundle follows from. The lock file has the versions of the packages and of esbuild. */
const INPUTS = ['lambda/**/*.ts', 'packaging/function-bundle.ts', 'package-lock.json'];

/**
 * Bundles each function, `lambda/<name>/handler.ts`, to `functions/<name>/index.mjs` in the folder `output`, unless
 * nothing has changed since the last time. `functions.sha256` holds the digest of what they were built from.
 * @throws {Error} if a function cannot be bundled
 */
export async function buildFunctions(output: string): Promise<void> {
  const digestFile = join(output, 'functions.sha256');
  const functions = globSync('lambda/*/handler.ts', { cwd: ROOT }).map((entry) => ({
    entry,
    file: join(output, 'functions', basename(dirname(entry)), 'index.mjs'),
  }));
  const digest = digestOfInputs();
  if (digest === digestIn(digestFile) && functions.every(({ file }) => existsSync(file))) return;
  for (const { entry, file } of functions) {
    const { outputFiles } = await build({ ...functionBundle(entry), write: false });
    for (const { contents } of outputFiles) replace(file, contents);
  }
  replace(digestFile, digest);
}

function digestOfInputs(): string {
  const hash = createHash('sha256');
  for (const file of globSync(INPUTS, { cwd: ROOT }).toSorted()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function digestIn(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Replaces a file at once, so that whoever deploys at the same time never reads half of it. */
function replace(file: string, contents: string | Uint8Array): void {
  const folder = dirname(file);
  const temporary = `${folder}.${process.pid}.tmp`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(temporary, contents);
  renameSync(temporary, file);
}

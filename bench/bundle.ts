import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { FUNCTION_BUNDLE } from '../lib/functions/function-bundle.ts';

/** A function, bundled into one file. */
export interface Bundle {
  readonly file: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * Bundles a function with the options that the stack deploys it with. The source map is written next to the bundle.
 * @param entry path of the entry file, relative to the project's folder
 */
export async function bundle(entry: string, folder: string): Promise<Bundle> {
  const { externalModules, ...options } = FUNCTION_BUNDLE;
  const file = join(folder, `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`);
  await build({
    ...options,
    entryPoints: [join(ROOT, entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    format: 'esm',
    external: externalModules,
    sourcemap: 'external',
    absWorkingDir: ROOT,
    logLevel: 'error',
  });
  const code = readFileSync(file);
  return { file, bytes: code.length, gzipBytes: gzipSync(code, { level: 9 }).length };
}

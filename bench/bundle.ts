import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { functionBundle } from '../packaging/function-bundle.ts';

/** A function, bundled into one file. */
export interface Bundle {
  readonly file: string;
  readonly bytes: number;
  readonly gzipBytes: number;
}

/**
 * Bundles a function with the options that the stack deploys it with. The source map is written next to the bundle.
 * @param entry path of the entry file, relative to the project's folder
 */
export async function bundle(entry: string, folder: string): Promise<Bundle> {
  const file = join(folder, `${entry.replaceAll('/', '-').replace(/\.ts$/, '')}.mjs`);
  await build({ ...functionBundle(entry), outfile: file, sourcemap: 'external' });
  const code = readFileSync(file);
  return { file, bytes: code.length, gzipBytes: gzipSync(code, { level: 9 }).length };
}

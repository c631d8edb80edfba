import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { writeFiles } from '../lib/functions/function-code.ts';
import { receiverFiles } from '../lib/functions/receiver-files.ts';
import { buildFunctions } from '../packaging/build-functions.ts';
import { functionBundle } from '../packaging/function-bundle.ts';
import { DIST } from '../packaging/paths.ts';
import { SOURCES } from './contestants.ts';

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
  return measured(file, [file]);
}

/** Bundles the receiver like the others, and puts its sources and their providers next to it, as they are deployed. */
export async function bundleReceiver(entry: string, folder: string): Promise<Bundle> {
  await buildFunctions(DIST);
  const { file } = await bundle(entry, folder);
  writeFiles(folder, receiverFiles(SOURCES));
  const providers = readdirSync(join(folder, 'providers')).map((name) => join(folder, 'providers', name));
  return measured(file, [file, ...providers]);
}

function measured(file: string, files: readonly string[]): Bundle {
  const code = Buffer.concat(files.map((each) => readFileSync(each)));
  return { file, bytes: code.length, gzipBytes: gzipSync(code, { level: 9 }).length };
}

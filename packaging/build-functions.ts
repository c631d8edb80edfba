import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { build } from 'esbuild';
import { functionBundle } from './function-bundle.ts';
import { ROOT } from './paths.ts';
import { bundleProviders } from './provider-bundles.ts';

/** Holds the digest of what the functions were built from. */
const DIGEST_FILE = 'functions.sha256';

/** The folder of the providers' bundles. */
const PROVIDERS = 'functions/receiver/providers';

/** What a bundle follows from, beside `lambda`. The lock file has the versions of the packages and of esbuild. */
const INPUTS = ['package-lock.json', 'packaging/function-bundle.ts', 'packaging/provider-bundles.ts'];

/**
 * Bundles the functions into the folder `output`, unless nothing has changed since the last time.
 * @throws {Error} if a function cannot be bundled
 */
export async function buildFunctions(output: string): Promise<void> {
  const isBuilt = functions().every((name) => existsSync(join(output, fileOf(name))));
  if (isBuilt && builtDigest(output) === digestOfInputs()) return;
  await bundleFunctions(output);
}

/**
 * Bundles each function, `lambda/<name>/handler.ts`, to `functions/<name>/index.mjs` in the folder `output`, and each
 * provider to `functions/receiver/providers/<name>.mjs`.
 * @returns the paths of the files that the bundles contain, relative to the project's folder
 * @throws {Error} if a function cannot be bundled
 */
export async function bundleFunctions(output: string): Promise<string[]> {
  const digest = digestOfInputs();
  const inputs: string[] = [];
  for (const name of functions()) {
    const options = functionBundle(`lambda/${name}/handler.ts`);
    const { outputFiles, metafile } = await build({ ...options, metafile: true, write: false });
    for (const { contents } of outputFiles) replace(output, fileOf(name), contents);
    inputs.push(...Object.keys(metafile.inputs));
  }
  const providers = await bundleProviders();
  for (const [name, contents] of providers.files) replace(output, join(PROVIDERS, name), contents);
  replace(output, DIGEST_FILE, digest);
  return [...inputs, ...providers.inputs];
}

// `globSync` would be shorter, but Node.js 20 does not have it.
const code = () =>
  readdirSync(join(ROOT, 'lambda'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => join('lambda', file));

const functions = () =>
  code()
    .filter((file) => basename(file) === 'handler.ts')
    .map((file) => basename(dirname(file)));

const fileOf = (name: string) => join('functions', name, 'index.mjs');

function digestOfInputs(): string {
  const hash = createHash('sha256');
  for (const file of [...code(), ...INPUTS].toSorted()) {
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(ROOT, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function builtDigest(output: string): string | undefined {
  const file = join(output, DIGEST_FILE);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** Replaces a file at once, so that whoever deploys at the same time never reads half of it, nor another file. */
function replace(output: string, path: string, contents: string | Uint8Array): void {
  const file = join(output, path);
  const temporary = join(output, `${basename(path)}.${process.pid}.tmp`);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(temporary, contents);
  renameSync(temporary, file);
}

import { cpSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';
import { type BuildOptions, build } from 'esbuild';
import { pageBundle } from '../cli/console/page-bundle.ts';
import { buildDeclarations } from './build-declarations.ts';
import { bundleFunctions } from './build-functions.ts';
import { dynaliteBundle } from './dynalite-bundle.ts';
import { notices } from './notices.ts';
import { ROOT } from './paths.ts';

/** What an app imports. */
const ENTRIES = ['lib/index.ts', 'consumer/index.ts', 'provider/index.ts'];

/** What the file of a provider imports. esbuild, which bundles that file, leaves out what it does not use. */
const PROVIDER_ENTRY = 'provider/index.ts';

/** The command `webhook-inbox`. */
const COMMAND = 'bin/webhook-inbox.ts';

/** CommonJS, as the tests of an app made by `cdk init` load no ECMAScript modules. */
const COMMON_JS = {
  absWorkingDir: ROOT,
  outbase: ROOT,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  define: { 'import.meta.dirname': '__dirname', 'import.meta.filename': '__filename', 'import.meta.url': '__url' },
  banner: { js: 'const __url = require("node:url").pathToFileURL(__filename).href;' },
  external: ['aws-cdk-lib', 'constructs'],
  metafile: true,
  logLevel: 'warning',
} satisfies BuildOptions;

/**
 * Smaller, and still readable in an error of `cdk synth`: functions and classes keep their names in a stack trace, and Node.js
 * prints the line of the error, which is short.
 */
const SMALL = { minify: true, keepNames: true, lineLimit: 120 } satisfies BuildOptions;

/**
 * Builds the package into the folder `output`, which it deletes first: one file and the declarations for each entry, the
 * functions, the command, the page of its console, and the notices of what is bundled.
 * @throws {Error} if a source does not compile
 */
export async function buildPackage(output: string): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  const inputs = [
    await bundleFunctions(output),
    await bundleEntries(output),
    await bundleCommand(output),
    await bundleConsole(output),
  ];
  await buildDeclarations(ENTRIES, output);
  copySamples(output);
  writeFileSync(join(output, 'functions.br'), archiveOf(join(output, 'functions')));
  writeFileSync(join(output, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(join(output, 'NOTICES.txt'), notices(inputs.flat()));
}

/** The functions share most of their code, which gzip, with which npm packs, does not notice over such distances. */
function archiveOf(folder: string): Buffer {
  const paths = globSync('**/*.mjs', { cwd: folder }).toSorted();
  const text = JSON.stringify(
    Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')])),
  );
  return brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: text.length } });
}

/** The constructs and the command read the providers' samples from the folder beside theirs. */
function copySamples(output: string): void {
  for (const sample of globSync('samples/*.json', { cwd: ROOT })) {
    cpSync(fileOf(sample), join(output, sample));
  }
}

async function bundleEntries(output: string): Promise<string[]> {
  const { metafile } = await build({ ...COMMON_JS, ...SMALL, entryPoints: ENTRIES.map(fileOf), outdir: output });
  const module = { format: 'esm', define: {}, banner: {}, outExtension: { '.js': '.mjs' } } as const;
  await build({ ...COMMON_JS, ...module, entryPoints: [fileOf(PROVIDER_ENTRY)], outdir: output });
  return Object.keys(metafile.inputs);
}

async function bundleCommand(output: string): Promise<string[]> {
  const { metafile } = await build({
    ...COMMON_JS,
    entryPoints: [fileOf(COMMAND)],
    outdir: output,
    minify: true,
    // ECMAScript modules, of which what is not used is left out.
    mainFields: ['module', 'main'],
    // Only a clone builds the page of the console.
    external: [...COMMON_JS.external, 'esbuild'],
    alias: { 'classic-level': fileOf('packaging/optional-classic-level.ts') },
    inject: [fileOf('packaging/node-20.ts')],
    plugins: [dynaliteBundle],
  });
  return Object.keys(metafile.inputs);
}

async function bundleConsole(output: string): Promise<string[]> {
  const { metafile } = await build({ ...pageBundle(ROOT), outdir: join(output, 'console'), metafile: true });
  return Object.keys(metafile.inputs);
}

const fileOf = (path: string) => join(ROOT, path);

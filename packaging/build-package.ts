import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { buildDeclarations } from './build-declarations.ts';
import { bundleFunctions } from './build-functions.ts';
import { notices } from './notices.ts';
import { ROOT } from './paths.ts';

/** What an app imports. CommonJS, as the tests of an app made by `cdk init` load no ECMAScript modules. */
const ENTRIES = ['lib/index.ts', 'consumer/index.ts'];

/**
 * Builds the package into the folder `output`, which it deletes first: one file and the declarations for each entry, the
 * functions, and the notices of what is bundled.
 * @throws {Error} if a source does not compile
 */
export async function buildPackage(output: string): Promise<void> {
  rmSync(output, { recursive: true, force: true });
  const bundled = [...(await bundleFunctions(output)), ...(await bundleEntries(output))];
  await buildDeclarations(ENTRIES, output);
  writeFileSync(join(output, 'package.json'), '{ "type": "commonjs" }\n');
  writeFileSync(join(output, 'NOTICES.txt'), notices(bundled));
}

async function bundleEntries(output: string): Promise<string[]> {
  const { metafile } = await build({
    entryPoints: ENTRIES.map((entry) => join(ROOT, entry)),
    absWorkingDir: ROOT,
    outbase: ROOT,
    outdir: output,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    define: { 'import.meta.dirname': '__dirname' },
    external: ['aws-cdk-lib', 'constructs'],
    metafile: true,
    logLevel: 'warning',
  });
  return Object.keys(metafile.inputs);
}

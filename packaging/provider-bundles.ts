import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type BuildOptions, build, type Plugin } from 'esbuild';
import { isProviderName, providers } from '../lambda/providers/index.ts';
import { functionBundle } from './function-bundle.ts';
import { ROOT } from './paths.ts';

/** The providers' bundles. */
export interface ProviderBundles {
  /** Contents by file name. */
  readonly files: ReadonlyMap<string, Uint8Array>;
  /** The paths of the files that they contain, relative to the project's folder. */
  readonly inputs: readonly string[];
}

const PREFIX = 'provider:';

/** The provider that is built from the definition of its source, and so is not in the registry. */
const CUSTOM = 'custom';

/**
 * Bundles each provider of the registry into a file, `<name>.mjs`, which exports it as `provider`. What several of them
 * use is in one file that they import, `shared.mjs`, so that a function loads few files and each module once. The custom
 * provider is in a file by itself: it has all parts, which would make the shared file larger for everyone.
 */
export async function bundleProviders(): Promise<ProviderBundles> {
  const names = Object.keys(providers);
  const shared = await modulesOfSeveral(names);
  const registry = await build({ ...bundleOf(names, shared), splitting: true, chunkNames: 'shared' });
  const custom = await build(bundleOf([CUSTOM], []));
  const outputFiles = [...registry.outputFiles, ...custom.outputFiles];
  const inputs = new Set([registry, custom].flatMap(({ metafile }) => Object.keys(metafile.inputs)));
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])),
    inputs: [...inputs].filter((path) => existsSync(join(ROOT, path))),
  };
}

/** The source files that more than one provider imports. esbuild would split them by who imports what. */
async function modulesOfSeveral(names: readonly string[]): Promise<readonly string[]> {
  const importers = new Map<string, number>();
  for (const name of names) {
    const { metafile } = await build(bundleOf([name], []));
    for (const path of Object.keys(metafile.inputs)) importers.set(path, (importers.get(path) ?? 0) + 1);
  }
  return [...importers].filter(([path, count]) => count > 1 && path.startsWith('lambda/')).map(([path]) => path);
}

function bundleOf(names: readonly string[], shared: readonly string[]) {
  return {
    ...functionBundle(''),
    entryPoints: names.map((name) => ({ in: `${PREFIX}${name}`, out: name })),
    outdir: 'providers',
    outExtension: { '.js': '.mjs' },
    metafile: true,
    write: false,
    plugins: [providerEntries(shared)],
  } satisfies BuildOptions;
}

/** An entry imports all shared files, so that each of them has the same importers and esbuild keeps them together. */
function providerEntries(shared: readonly string[]): Plugin {
  return {
    name: 'provider entries',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: new RegExp(`^${PREFIX}`) }, ({ path }) => ({
        path: path.slice(PREFIX.length),
        namespace: PREFIX,
      }));
      onLoad({ filter: /.*/, namespace: PREFIX }, ({ path }) => ({
        contents: [...shared.map((each) => `import './${each}';`), exportOf(path)].join('\n'),
        resolveDir: ROOT,
      }));
    },
  };
}

/** A provider's file has its name, in a folder of that name if the provider has several files. */
function exportOf(name: string): string {
  const file = [`lambda/providers/${name}.ts`, `lambda/providers/${name}/${name}.ts`].find((path) =>
    existsSync(join(ROOT, path)),
  );
  const exported = isProviderName(name) ? providers[name].name : CUSTOM;
  if (!file) throw new Error(`The provider ${name} has no file in lambda/providers.`);
  return `export { ${exported} as provider } from './${file}';`;
}

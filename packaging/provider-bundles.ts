import { existsSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { type BuildOptions, build, type Metafile, type Plugin, type PluginBuild } from 'esbuild';
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

/** The part of the providers that import a file that is shared. Every function carries what is shared. */
const SHARED_BY = 1 / 2;

/**
 * Bundles each provider of the registry, and the custom one, into a file, `<name>.mjs`, which exports it as `provider`.
 * What most of them use is in one file that they import, `shared.mjs`. Each has a copy of all else that it uses, so that a
 * function loads few files, and carries nothing for a provider that it does not have.
 */
export async function bundleProviders(): Promise<ProviderBundles> {
  const names = [...Object.keys(providers), CUSTOM];
  const shared = await modulesOfMost(names);
  const { outputFiles, metafile } = await build({ ...bundleOf(names, shared), splitting: true, chunkNames: 'shared' });
  return {
    files: new Map(outputFiles.map(({ path, contents }) => [basename(path), contents])),
    inputs: pathsIn(metafile).filter((path) => existsSync(join(ROOT, path))),
  };
}

/** The source files that most providers import. */
async function modulesOfMost(names: readonly string[]): Promise<ReadonlySet<string>> {
  const importers = new Map<string, number>();
  for (const name of names) {
    const { metafile } = await build(bundleOf([name], new Set()));
    for (const path of pathsIn(metafile)) importers.set(path, (importers.get(path) ?? 0) + 1);
  }
  const isOfMost = (path: string) => (importers.get(path) ?? 0) >= names.length * SHARED_BY;
  return new Set([...importers.keys()].filter((path) => path.startsWith('lambda/') && isOfMost(path)));
}

/** The paths of a bundle's modules. A path has a suffix if a provider has a copy. */
function pathsIn({ inputs }: Metafile): readonly string[] {
  return [...new Set(Object.keys(inputs).map((path) => path.replace(/\?.*$/, '')))];
}

function bundleOf(names: readonly string[], shared: ReadonlySet<string>) {
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
function providerEntries(shared: ReadonlySet<string>): Plugin {
  return {
    name: 'provider entries',
    setup(build) {
      build.onResolve({ filter: new RegExp(`^${PREFIX}`) }, ({ path }) => ({
        path: path.slice(PREFIX.length),
        namespace: PREFIX,
      }));
      build.onLoad({ filter: /.*/, namespace: PREFIX }, ({ path }) => ({
        contents: [...[...shared].map((each) => `import './${each}';`), exportOf(path)].join('\n'),
        resolveDir: ROOT,
        pluginData: path,
      }));
      copyModules(build, shared);
    },
  };
}

/** Modules that are not shared get the name of their provider as a suffix, and hand it on to those that they import. */
function copyModules({ onResolve, onLoad, resolve }: PluginBuild, shared: ReadonlySet<string>): void {
  onResolve({ filter: /^\./ }, ({ path, resolveDir, pluginData: name }) => {
    const file = join(resolveDir, path);
    const isCopied = name !== undefined && !shared.has(relative(ROOT, file).replaceAll('\\', '/'));
    return isCopied ? { path: file, suffix: `?${name}`, pluginData: name } : { path: file };
  });
  onResolve({ filter: /^[a-z@]/ }, async ({ path, resolveDir, kind, pluginData: name }) => {
    if (name === undefined || isBuiltin(path)) return undefined;
    return { ...(await resolve(path, { resolveDir, kind })), suffix: `?${name}` };
  });
  onLoad({ filter: /\.ts$/ }, ({ path, pluginData }) => ({
    contents: readFileSync(path),
    loader: 'ts',
    resolveDir: dirname(path),
    pluginData,
  }));
}

/** The file of the providers that are a line each. */
const STANDARD_SENDERS = 'lambda/providers/standard-senders.ts';

/** A provider's file has its name, in a folder of that name if the provider has several files. */
function exportOf(name: string): string {
  const own = [`lambda/providers/${name}.ts`, `lambda/providers/${name}/${name}.ts`];
  const file = own.find((path) => existsSync(join(ROOT, path))) ?? STANDARD_SENDERS;
  const exported = isProviderName(name) ? providers[name].name : CUSTOM;
  return `export { ${exported} as provider } from './${file}';`;
}

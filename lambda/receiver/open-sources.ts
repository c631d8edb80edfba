import type { CustomDefinition } from '../providers/custom/custom-definition.ts';
import type { Provider } from '../providers/provider.ts';
import { openSource, type Source, type SourceOptions, type Sources } from './source.ts';

/** Builds a provider; the provider `custom` from its definition. */
export type BuildProvider = (definition: CustomDefinition | undefined) => Provider;

/** Loads what builds a provider, by the provider's name. */
export type LoadProvider = (name: string) => Promise<BuildProvider>;

/**
 * The sources with their providers. Each has a provider to itself, which remembers the keys of its secret.
 * @throws {Error} if a provider cannot be loaded
 */
export async function openSources(
  optionsByName: ReadonlyMap<string, SourceOptions>,
  loadProvider: LoadProvider,
): Promise<Sources> {
  const sources = new Map<string, Source>();
  for (const [name, options] of optionsByName) {
    const provider = await loadProvider(options.provider);
    sources.set(name, openSource(name, options, provider(options.definition)));
  }
  return sources;
}

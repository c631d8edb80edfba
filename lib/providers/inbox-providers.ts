import { type CustomDefinition, custom, isProviderName, providers } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import { loadOwnProvider, type OwnProviderProps, validateOwnName } from './own-provider.ts';

/** The providers of an inbox: those of the registry, and its own. */
export interface InboxProviders {
  /** Builds a provider; undefined if there is none of this name. */
  readonly get: (name: string) => Provider | undefined;
  /** The names of all. */
  readonly names: readonly string[];
  /** ECMAScript modules of the inbox's own providers, by name. */
  readonly bundles: ReadonlyMap<string, string>;
  /** The names of the inbox's own providers whose signatures were not tried with their samples. */
  readonly untried: readonly string[];
}

/** The registry alone. */
export const REGISTRY: InboxProviders = {
  get: (name) => (isProviderName(name) ? providers[name]() : undefined),
  names: Object.keys(providers),
  bundles: new Map(),
  untried: [],
};

/**
 * Loads the providers of one's own.
 * @throws {Error} if one cannot be loaded, or is none; the message says which one and how to fix it
 */
export function inboxProviders(own: Readonly<Record<string, OwnProviderProps>> = {}): InboxProviders {
  const entries = Object.entries(own).map(([name, props]) => {
    const message = validateOwnName(name);
    if (message) throw new Error(`providers: ${message}`);
    return [name, loadOwnProvider(`providers.${name}`, props)] as const;
  });
  const loaded = new Map(entries);
  return {
    get: (name) => loaded.get(name)?.build() ?? REGISTRY.get(name),
    names: [...REGISTRY.names, ...loaded.keys()],
    bundles: new Map(entries.map(([name, { bundle }]) => [name, bundle])),
    untried: entries.filter(([, { isTried }]) => !isTried).map(([name]) => name),
  };
}

/** What names the provider of a source. */
export interface NamedProvider {
  readonly provider: string;
  /** What the provider `custom` is built from. @default - none, for every other provider */
  readonly definition?: CustomDefinition | undefined;
}

/** The provider of a source that was validated. @throws {Error} if there is none, or the definition is invalid */
export function providerOf(inbox: InboxProviders, { provider, definition }: NamedProvider): Provider {
  const found = provider === 'custom' && definition ? custom(definition) : inbox.get(provider);
  if (!found) throw new Error(`There is no provider "${provider}".`);
  return found;
}

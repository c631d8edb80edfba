import { type InboxProviders, providerOf } from './providers/inbox-providers.ts';
import { definitionOf, isCustomSource, type SourceProps } from './sources.ts';

/** The provider of a source, whose props were validated. */
export function sourceProvider(providers: InboxProviders, source: SourceProps<string>) {
  const definition = isCustomSource(source) ? definitionOf(source) : undefined;
  return providerOf(providers, { provider: source.provider, definition });
}

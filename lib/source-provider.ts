import { providerOf, REGISTRY } from './providers/inbox-providers.ts';
import { definitionOf, type SourceProps } from './sources.ts';

/** The provider of a source, whose props were validated. */
export function sourceProvider(source: SourceProps) {
  const definition = source.provider === 'custom' ? definitionOf(source) : undefined;
  return providerOf(REGISTRY, { provider: source.provider, definition });
}

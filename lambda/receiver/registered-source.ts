import { type ProviderName, providers } from '../providers/index.ts';
import { openSource, type Source, type SourceOptions } from './source.ts';

/** What makes a source whose provider is in the registry. */
export interface RegisteredSourceOptions extends SourceOptions {
  readonly provider: ProviderName;
}

/** A source of a provider of the registry. The deployed function imports no registry, but its sources' providers. */
export function toSource(name: string, options: RegisteredSourceOptions): Source {
  return openSource(name, options, providers[options.provider]());
}

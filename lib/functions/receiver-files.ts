import type { SourceConfigs } from '../../lambda/receiver/config.ts';
import type { InboxProviders } from '../providers/inbox-providers.ts';
import { type FunctionFiles, functionFiles } from './function-files.ts';

/**
 * The files of the receiver: its bundle, the providers of its sources and no others, and the sources.
 * @param sources the options of the sources that are known at synthesis
 * @param own modules of the inbox's own providers, by name
 */
export function receiverFiles(sources: SourceConfigs, own: InboxProviders['bundles'] = new Map()): FunctionFiles {
  const built = functionFiles('receiver');
  const providers = new Set(Object.values(sources).map(({ provider }) => provider));
  const paths = ['index.mjs', 'providers/shared.mjs', ...[...providers].map((name) => `providers/${name}.mjs`)];
  const bundles = new Map([...built, ...[...own].map(([name, bundle]) => [`providers/${name}.mjs`, bundle] as const)]);
  return new Map([
    ...paths.map((path) => [path, bundles.get(path) ?? ''] as const),
    ['sources.json', JSON.stringify(sources)],
  ]);
}

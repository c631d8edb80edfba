import { checkSources } from '../deliveries/check-sources.ts';
import { sourceNames } from './receiver-sources.ts';
import type { NamedResources } from './redelivery-resources.ts';
import { inboxOutputs } from './stack-outputs.ts';

/**
 * Checks that an inbox has a source. A table that the user named may have events of a source that no inbox has any more.
 * @throws {UsageError} if it has none of that name
 */
export async function checkSourceOf({ table, ...named }: NamedResources, source: string): Promise<void> {
  if (table !== undefined) return;
  checkSources([source], await sourceNames(named, await inboxOutputs(named)));
}

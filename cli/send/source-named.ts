import { suggestion } from '../../lambda/providers/suggestion.ts';
import type { Source, Sources } from '../../lambda/receiver/source.ts';
import { UsageError } from '../arguments.ts';

/**
 * @param others where further sources are: a sentence for the message
 * @throws {UsageError} if there is no source of that name
 */
export function sourceNamed(sources: Sources, name: string | undefined, others?: string): Source {
  const names = `The sources are: ${[...sources.keys()].join(', ')}.`;
  const all = others === undefined ? names : `${names}\n${others}`;
  if (name === undefined) throw new UsageError(`Name a source. ${all}`);
  const source = sources.get(name);
  if (source) return source;
  const meant = suggestion(name, sources.keys());
  throw new UsageError(meant ? `Unknown source "${name}", did you mean ${meant}?` : `Unknown source "${name}". ${all}`);
}

import { suggestion } from '../../lambda/providers/suggestion.ts';
import { UsageError } from '../arguments.ts';

/**
 * Checks that an inbox has sources, so that a mistyped name is not taken for a source without deliveries.
 * @param known names of its sources; undefined if they are unknown
 * @throws {UsageError} if it lacks one, with the name that was probably meant
 */
export function checkSources(names: readonly string[], known: readonly string[] | undefined): void {
  const missing = known && names.find((name) => !known.includes(name));
  if (known === undefined || missing === undefined) return;
  const meant = suggestion(missing, known);
  const advice = meant ? `, did you mean ${meant}?` : `. Its sources are: ${known.join(', ')}.`;
  throw new UsageError(`The inbox has no source "${missing}"${advice}`);
}

import { providers } from '../../../lambda/providers/index.ts';
import { suggestion } from '../../../lambda/providers/suggestion.ts';

/**
 * A hint for a name that is probably mistyped, since nothing was delivered to it. Sources of one's own may have any name, so
 * only a name that is close to a provider's is worth a hint.
 */
export function sourceHint(names: readonly string[]): string | undefined {
  const known = Object.keys(providers);
  const hints = names
    .filter((name) => !known.includes(name))
    .flatMap((name) => {
      const meant = suggestion(name, known);
      return meant === undefined ? [] : [`Nothing was delivered to "${name}". Did you mean ${meant}?`];
    });
  return hints.length > 0 ? hints.join('\n') : undefined;
}

import type { Provider } from '../../lambda/providers/provider.ts';
import type { Settings } from '../../lambda/signature/scheme.ts';
import { exampleSettings } from '../../samples/example-settings.ts';

/** A setting whose values are listed in its pattern, such as `/^(?:live|sandbox)$/`. */
const LISTED = /^\^\(\?:([\w.-]+(?:\|[\w.-]+)+)\)\$$/;

/** More combinations than any provider has. */
const MAX_COMBINATIONS = 16;

/**
 * The settings that a provider's scheme is tried with: those that were given, and each value of the others whose values
 * are known. The rest have the provider's examples.
 */
export function settingsToTry(provider: Provider, given: Settings): readonly Settings[] {
  let combinations: readonly Settings[] = [exampleSettings(provider)];
  for (const [name, { pattern, isOptional }] of Object.entries(provider.settings)) {
    const values = given[name] === undefined ? listedIn(pattern) : [given[name]];
    const without = isOptional && given[name] === undefined ? combinations : [];
    const withValue = values.flatMap((value) => combinations.map((each) => ({ ...each, [name]: value })));
    combinations = values.length === 0 ? combinations : [...without, ...withValue];
  }
  return combinations.slice(0, MAX_COMBINATIONS);
}

/** The names of the settings whose values nobody can guess: they have to be given. */
export function settingsToGive(provider: Provider, given: Settings): readonly string[] {
  const free = Object.entries(provider.settings).filter(([, { pattern }]) => listedIn(pattern).length === 0);
  return free.map(([name]) => name).filter((name) => given[name] === undefined);
}

const listedIn = (pattern: RegExp): readonly string[] => LISTED.exec(pattern.source)?.[1]?.split('|') ?? [];

import { providers } from '../../lambda/providers/index.ts';

/** The sentence of README.md that names every provider except the generic one, which is nobody's. */
export function providerNames(): string {
  const { generic: _, ...named } = providers;
  const titles = Object.values(named).map((provider) => provider().title);
  const sorted = titles.toSorted((one, other) => one.localeCompare(other, 'en'));
  return `**${sorted.length} providers**: ${new Intl.ListFormat('en-GB').format(sorted)}.`;
}

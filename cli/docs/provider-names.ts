import { type ProviderName, providers } from '../../lambda/providers/index.ts';

/** Names that users look for, in place of a provider's title. */
const NAMES: Partial<Record<ProviderName, string>> = { meta: 'Meta (WhatsApp, Messenger, Instagram)' };

/** The sentence of README.md that names every provider except the generic one, which is a contract and no sender. */
export function providerNames(): string {
  const names = (Object.keys(providers) as ProviderName[]).filter((name) => name !== 'generic');
  const titles = names.map((name) => NAMES[name] ?? providers[name]().title);
  const sorted = titles.toSorted((one, other) => one.localeCompare(other, 'en'));
  return `**${sorted.length} providers**: ${new Intl.ListFormat('en-GB').format(sorted)}.`;
}

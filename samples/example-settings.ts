import type { Provider } from '../lambda/providers/provider.ts';
import type { Settings } from '../lambda/signature/scheme.ts';

/** The settings that a provider gives as examples. Its samples are signed with them. */
export function exampleSettings({ settings }: Provider): Settings {
  return Object.fromEntries(Object.entries(settings).map(([name, { example }]) => [name, example]));
}

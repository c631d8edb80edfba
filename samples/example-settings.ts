import type { Provider } from '../lambda/providers/provider.ts';
import type { Settings } from '../lambda/signature/scheme.ts';

/** The settings that a provider gives as examples, without the optional ones. Its samples are signed with them. */
export function exampleSettings({ settings }: Provider): Settings {
  const required = Object.entries(settings).filter(([, { isOptional }]) => !isOptional);
  return Object.fromEntries(required.map(([name, { example }]) => [name, example]));
}

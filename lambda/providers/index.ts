import { generic } from './generic.ts';
import { github } from './github.ts';
import type { Provider } from './provider.ts';
import { stripe } from './stripe.ts';

/** Every provider by its name. Each is built only for a source that uses it. */
export const providers = {
  generic,
  github,
  stripe,
} as const satisfies Record<string, () => Provider>;

/** The name of a provider. */
export type ProviderName = keyof typeof providers;

/** Whether there is a provider of this name. */
export function isProviderName(name: string): name is ProviderName {
  return Object.hasOwn(providers, name);
}

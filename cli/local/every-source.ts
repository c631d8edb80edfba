import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { Setting } from '../../lambda/providers/provider.ts';
import { toSource } from '../../lambda/receiver/config.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import type { Settings } from '../../lambda/signature/scheme.ts';
import { variableOf } from './local-keys.ts';

/**
 * Every provider, as a source of its own name.
 * @param publicUrl what the providers that sign the URL were given, up to `/webhooks`
 */
export function everySource(environment: NodeJS.ProcessEnv, publicUrl: string): Sources {
  const base = (environment.PUBLIC_URL || publicUrl).replace(/\/+$/, '');
  const names = Object.keys(providers) as ProviderName[];
  return new Map(
    names.map((name) => {
      const settings = localSettings(environment, name);
      return [name, toSource(name, { provider: name, publicUrl: `${base}/webhooks/${name}`, settings })];
    }),
  );
}

/** A provider's settings: what the samples say, and the verify token from the environment. */
function localSettings(environment: NodeJS.ProcessEnv, name: ProviderName): Settings {
  const { settings } = providers[name]();
  const examples = Object.entries<Setting>(settings).map(([key, { example }]) => [key, example]);
  const verifyToken = environment[variableOf('WEBHOOK_VERIFY_TOKEN_', name)];
  return { ...Object.fromEntries(examples), ...('verifyToken' in settings && verifyToken && { verifyToken }) };
}

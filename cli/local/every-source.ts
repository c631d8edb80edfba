import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import type { Settings } from '../../lambda/signature/scheme.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { checkUrl } from '../arguments.ts';
import { PREFIXES, variableOf } from './local-keys.ts';

/**
 * One source per provider, with the provider's name.
 * @param baseUrl what precedes `/webhooks` in the URL that the providers were given, and that some of them sign
 */
export function everySource(environment: NodeJS.ProcessEnv, baseUrl: string): Sources {
  const names = Object.keys(providers) as ProviderName[];
  return new Map(
    names.map((name) => {
      const settings = localSettings(environment, name);
      return [name, toSource(name, { provider: name, publicUrl: `${baseUrl}/webhooks/${name}`, settings })];
    }),
  );
}

/**
 * The value of `PUBLIC_URL`, without slashes at its end.
 * @returns undefined if it is not set
 * @throws {UsageError} if it is not a URL
 */
export function publicUrlFrom({ PUBLIC_URL }: NodeJS.ProcessEnv): string | undefined {
  return PUBLIC_URL ? checkUrl('PUBLIC_URL', PUBLIC_URL).replace(/(?<!\/)\/+$/, '') : undefined;
}

/** The example settings of a provider, with the verify token from the environment if there is one. */
function localSettings(environment: NodeJS.ProcessEnv, name: ProviderName): Settings {
  const settings = exampleSettings(providers[name]());
  const verifyToken = environment[variableOf(PREFIXES.verifyToken, name)];
  return { ...settings, ...('verifyToken' in settings && verifyToken && { verifyToken }) };
}

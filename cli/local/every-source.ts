import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import { openSource, type Source, type SourceOptions, type Sources } from '../../lambda/receiver/source.ts';
import type { Settings } from '../../lambda/signature/scheme.ts';
import { providerOf } from '../../lib/providers/inbox-providers.ts';
import { exampleSettings } from '../../samples/example-settings.ts';
import { checkUrl, UsageError } from '../arguments.ts';
import { type InboxFile, NO_INBOX_FILE } from '../inbox-file.ts';
import { PREFIXES, variableOf } from './local-keys.ts';

/**
 * One source per provider, with the provider's name, and the sources of one's own.
 * @param baseUrl what precedes `/webhooks` in the URL that the providers were given, and that some of them sign
 * @throws {UsageError} if a source of one's own has a provider that there is not
 */
export function everySource(environment: NodeJS.ProcessEnv, baseUrl: string, own = NO_INBOX_FILE): Sources {
  const names = Object.keys(providers) as ProviderName[];
  const entries = names.map((name) => {
    const settings = localSettings(environment, name);
    return [name, toSource(name, { provider: name, publicUrl: `${baseUrl}/webhooks/${name}`, settings })] as const;
  });
  const others = [...own.sources].map(([name, options]) => [name, ownSource(name, options, baseUrl, own)] as const);
  return new Map([...entries, ...others]);
}

function ownSource(name: string, options: SourceOptions, baseUrl: string, own: InboxFile): Source {
  const provider = ownProvider(name, options, own);
  const settings = { ...exampleSettings(provider), ...options.settings };
  return openSource(name, { ...options, publicUrl: `${baseUrl}/webhooks/${name}`, settings }, provider);
}

function ownProvider(name: string, options: SourceOptions, own: InboxFile): Provider {
  try {
    return providerOf(own.providers, options);
  } catch (error) {
    throw new UsageError(`Source "${name}": ${(error as Error).message}`, { cause: error });
  }
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

import { readFileSync } from 'node:fs';
import { UsageError } from '../cli/arguments.ts';
import { isProviderName, type ProviderName, providers } from '../lambda/providers/index.ts';
import { toSource } from '../lambda/receiver/registered-source.ts';
import type { Source } from '../lambda/receiver/source.ts';
import { exampleSettings } from '../samples/example-settings.ts';
import type { ProbeArguments } from './arguments.ts';
import { describedSender } from './described-sender.ts';
import { providerSender, type Sender } from './sender.ts';
import { readDescription } from './signature-description.ts';
import type { Target } from './target.ts';

/** The sender of an endpoint's events. */
export interface SelectedSender {
  readonly sender: Sender;
  /** Source of the provider, whose key is known on this machine; undefined for a described signature. */
  readonly source: Source | undefined;
}

/**
 * Selects the sender: a described signature, or a provider.
 * @throws {UsageError} for an invalid or contradictory option
 */
export function selectSender(values: ProbeArguments, target: Target): SelectedSender {
  const url = publicUrlOf(values['public-url'], target);
  if (values.signature !== undefined) return { sender: described(values, values.signature, url), source: undefined };
  if (values.body !== undefined || values['id-field'] !== undefined || values['time-field'] !== undefined) {
    throw new UsageError('--body, --id-field and --time-field need --signature: a provider has its own sample.');
  }
  const provider = providerOf(values.provider, target);
  const settings = settingsOf(provider, values.setting);
  const source = toSource(target.source ?? provider, { provider, publicUrl: url, settings });
  return { sender: providerSender(source, url), source };
}

function publicUrlOf(given: string | undefined, { url }: Target): string {
  if (given !== undefined && !URL.canParse(given)) throw new UsageError('--public-url is not a valid URL.');
  return given ?? url.href;
}

function described(values: ProbeArguments, signature: string, url: string): Sender {
  if (values.provider !== undefined) throw new UsageError('Use either --provider or --signature.');
  const description = readDescription(signature);
  if (values.body === undefined) throw new UsageError('--signature needs a valid body: --body FILE.');
  const events = {
    body: readBody(values.body),
    contentType: values['content-type'],
    idField: values['id-field'],
    timeField: values['time-field'],
  };
  return describedSender(signature, description, events, url);
}

function readBody(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    throw new UsageError(`Cannot read ${file}: ${(error as Error).message}`);
  }
}

function providerOf(given: string | undefined, { source = '' }: Target): ProviderName {
  const name = given ?? (isProviderName(source) ? source : 'generic');
  if (isProviderName(name)) return name;
  throw new UsageError(`There is no provider "${name}". The providers are ${Object.keys(providers).join(', ')}.`);
}

/** Settings of the sample, and the given ones instead of them. */
function settingsOf(provider: ProviderName, given: readonly string[]): Record<string, string> {
  const settings: Record<string, string> = { ...exampleSettings(providers[provider]()) };
  for (const each of given) {
    const [, name = '', value = ''] = /^(\w+)=(.+)$/s.exec(each) ?? [];
    if (!Object.hasOwn(settings, name)) throw new UsageError(unknownSetting(provider, Object.keys(settings)));
    settings[name] = value;
  }
  return settings;
}

function unknownSetting(provider: ProviderName, names: readonly string[]): string {
  if (names.length === 0) return `The provider ${provider} has no settings.`;
  return `--setting must be NAME=VALUE. The settings of the provider ${provider} are ${names.join(', ')}.`;
}

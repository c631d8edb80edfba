import { readFileSync } from 'node:fs';
import { UsageError } from '../cli/arguments.ts';
import { type InboxFile, readInboxFile } from '../cli/inbox-file.ts';
import type { Provider } from '../lambda/providers/provider.ts';
import { openSource, type Source } from '../lambda/receiver/source.ts';
import type { Settings } from '../lambda/signature/scheme.ts';
import { type InboxProviders, type NamedProvider, providerOf } from '../lib/providers/inbox-providers.ts';
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
  const own = readInboxFile(values.config);
  const name = providerNameOf(values.provider, target, own);
  const { definition } = own.sources.get(target.source ?? '') ?? {};
  const provider = providerNamed({ provider: name, definition }, own.providers);
  const sample = { ...exampleSettings(provider), ...own.sources.get(target.source ?? '')?.settings };
  const settings = settingsOf(name, sample, values.setting);
  const source = openSource(target.source ?? name, { provider: name, publicUrl: url, settings }, provider);
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

/** The provider of the source in the file, or the one with the source's name. */
function providerNameOf(given: string | undefined, { source = '' }: Target, { sources, providers }: InboxFile): string {
  return given ?? sources.get(source)?.provider ?? (providers.names.includes(source) ? source : 'generic');
}

function providerNamed(named: NamedProvider, providers: InboxProviders): Provider {
  const { provider: name, definition } = named;
  if (providers.names.includes(name) || definition) return providerOf(providers, named);
  throw new UsageError(`There is no provider "${name}". The providers are ${providers.names.join(', ')}.`);
}

/** Settings of the sample, and the given ones instead of them. */
function settingsOf(name: string, sample: Settings, given: readonly string[]): Settings {
  const settings: Record<string, string> = { ...sample };
  for (const each of given) {
    const [, key = '', value = ''] = /^(\w+)=(.+)$/s.exec(each) ?? [];
    if (!Object.hasOwn(settings, key)) throw new UsageError(unknownSetting(name, Object.keys(settings)));
    settings[key] = value;
  }
  return settings;
}

function unknownSetting(provider: string, names: readonly string[]): string {
  if (names.length === 0) return `The provider ${provider} has no settings.`;
  return `--setting must be NAME=VALUE. The settings of the provider ${provider} are ${names.join(', ')}.`;
}

import * as v from 'valibot';
import { suggestion, validateCustom } from '../lambda/providers/index.ts';
import { definition, SourceConfig, SourceConfigs } from '../lambda/receiver/config.ts';
import type { InboxProviders } from '../lib/providers/inbox-providers.ts';
import { validateSourceName } from '../lib/validate-source-name.ts';

/** What an option of a source must be, for the options that a file may have wrong. */
const REMEDIES: Readonly<Record<string, string>> = {
  provider: 'must be the name of a provider in lower case, such as "github", or "custom".',
  maxBodyBytes: 'must be a whole number of bytes, at least 1.',
  onInvalid: 'must be "quarantine" or "reject".',
  retentionSeconds: 'must be a whole number of seconds, at least 1.',
  publicUrl: 'must be a complete URL, such as "https://hooks.example.com/webhooks/partner".',
  settings: 'must be an object whose values are text.',
};

/** The fields of a definition. */
const DEFINITION_FIELDS = Object.keys(definition);

/** Options that only the construct writes. */
const WRITTEN_OPTIONS = ['secretId', 'parameterName', 'hasOwnResource'];

const SHOWN_OPTIONS = Object.keys(SourceConfig.entries).filter((name) => !WRITTEN_OPTIONS.includes(name));

/** Options of a construct's source that mean nothing on one machine. */
const DEPLOYED_ONLY = ['secret', 'allowedCidrs', 'throttle', 'retention', 'silentAfter'];

/**
 * Everything that is wrong with the sources of a file, each with its path and a remedy.
 * @returns an empty list if they can be served
 */
export function sourceFaults(sources: unknown, providers: InboxProviders): readonly string[] {
  if (!isObject(sources)) return ['sources: must be an object, such as {"partner": {"provider": "generic"}}.'];
  const result = v.safeParse(SourceConfigs, sources);
  // A provider with a name of the wrong form is unknown, which has its own message.
  const issues = (result.issues ?? []).filter(({ type }) => type !== 'regex');
  const ofOptions = issues.map(optionFault);
  const others = Object.entries(sources).flatMap(([name, source]) => [
    ...nameFaults(name),
    ...(isObject(source) ? providerFaults(name, source, providers) : []),
  ]);
  return [...ofOptions, ...others];
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function nameFaults(name: string): readonly string[] {
  const message = validateSourceName(name);
  return message === undefined ? [] : [`Source ${JSON.stringify(name)}: ${message}`];
}

function providerFaults(name: string, source: Record<string, unknown>, { names }: InboxProviders): readonly string[] {
  const { provider, ...options } = source;
  const fields = Object.fromEntries(Object.entries(options).filter(([field]) => DEFINITION_FIELDS.includes(field)));
  if (provider === 'custom') return validateCustom(fields).map((message) => `sources.${name}.${message}`);
  if (typeof provider !== 'string') return [];
  if (!names.includes(provider)) return [`sources.${name}.provider: ${noSuchProvider(provider, names)}`];
  return Object.keys(fields).map(
    (field) => `sources.${name}.${field}: belongs to a custom source; leave it out, or set "provider" to "custom".`,
  );
}

function noSuchProvider(provider: string, names: readonly string[]): string {
  const meant = suggestion(provider, [...names, 'custom']);
  const remedy =
    meant === undefined
      ? 'use "custom" for a sender that docs/providers.md does not list.'
      : `did you mean "${meant}"?`;
  return `there is no provider ${JSON.stringify(provider)}; ${remedy}`;
}

function optionFault(issue: v.BaseIssue<unknown>): string {
  const path = `sources.${v.getDotPath(issue)}`;
  const name = String(issue.path?.at(-1)?.key);
  const isOfObject = issue.type === 'strict_object';
  if (isOfObject && issue.expected === 'never') return `${path}: ${noSuchOption(name)}`;
  if (isOfObject && issue.received === 'undefined') return `${path}: is required. It ${REMEDIES[name]}`;
  if (isOfObject) return `${path}: must be an object, such as {"provider": "generic"}.`;
  const option = String(issue.path?.[1]?.key);
  return `${path}: ${REMEDIES[option] ?? 'cannot have this value.'}`;
}

function noSuchOption(name: string): string {
  if (DEPLOYED_ONLY.includes(name)) return 'is for a deployed inbox, and has no meaning on this machine; leave it out.';
  const meant = suggestion(name, SHOWN_OPTIONS);
  const remedy = meant === undefined ? `the options are ${SHOWN_OPTIONS.join(', ')}.` : `did you mean "${meant}"?`;
  return `there is no such option; ${remedy}`;
}

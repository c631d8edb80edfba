import { Duration, Token } from 'aws-cdk-lib';
import {
  type CustomDefinition,
  type Provider,
  type Setting,
  suggestion,
  validateCustom,
} from '../lambda/providers/index.ts';
import { constructId } from './construct-id.ts';
import { validateSecret } from './existing-secret.ts';
import { silencePeriod } from './monitoring/metrics.ts';
import { type InboxProviders, REGISTRY } from './providers/inbox-providers.ts';
import { validateSharedSecrets } from './shared-secrets.ts';
import {
  type CustomSourceProps,
  definitionOf,
  isCustomSource,
  type SourceOptions,
  type SourceProps,
  type SourcePropsOf,
  type SourcesProps,
  type Throttle,
} from './sources.ts';
import { validateCidrs } from './validate-cidrs.ts';
import { validateSourceName } from './validate-source-name.ts';

/**
 * Validates the sources of an inbox, also for callers without type checks.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateSources(sources: SourcesProps<string>, providers = REGISTRY): string | undefined {
  const names = Object.keys(sources);
  if (names.length === 0) return "An inbox needs a source, such as sources: { partner: { provider: 'generic' } }.";
  const messages = names.flatMap((name) => {
    const nameMessage = validateSourceName(name);
    const ofSource = nameMessage === undefined ? validateSource(sources[name], providers) : [nameMessage];
    return ofSource.map((message) => `Source "${name}": ${message}`);
  });
  return messages.length > 0
    ? messages.join('\n')
    : (validateDistinct(names) ?? validateSharedSecrets(sources, providers));
}

/** Construct ids are made from the names without their hyphens. */
function validateDistinct(names: readonly string[]): string | undefined {
  const namesById = new Map<string, string>();
  for (const name of names) {
    const other = namesById.get(constructId(name));
    if (other) return `Sources "${other}" and "${name}": their names differ only in hyphens; rename one of them.`;
    namesById.set(constructId(name), name);
  }
  return undefined;
}

/** All that is wrong with the options of a source. */
function validateSource(source: SourceProps<string> | undefined, providers: InboxProviders): readonly string[] {
  if (source && isCustomSource(source)) return validateCustomSource(source);
  const name = source?.provider ?? '';
  const provider = typeof name === 'string' ? providers.get(name) : undefined;
  if (!source || !provider) return [noSuchProvider(String(name), providers)];
  const { certificate, keySetHost } = provider.signature;
  const isCertified = certificate !== undefined || keySetHost !== undefined;
  return [
    ...unknownOptions(source, OPTIONS),
    ...present(validateOptions(source), validateSecret(source.secret, isCertified), validateSettings(source, provider)),
  ];
}

function noSuchProvider(name: string, { names }: InboxProviders): string {
  const known = [...names, 'custom'];
  const meant = suggestion(name, known);
  const question = meant === undefined ? '' : ` Did you mean "${meant}"?`;
  return `there is no provider "${name}".${question} The providers are ${known.join(', ')}.`;
}

/** All that is wrong with the definition, since each message is about one field of it. */
function validateCustomSource(source: CustomSourceProps): readonly string[] {
  const definition = definitionOf(source);
  const faults = validateCustom(definition);
  const { signature } = definition;
  const hasKeySet = faults.length === 0 && 'keySetUrl' in signature && signature.keySetUrl !== undefined;
  const hasSettings = Object.keys(source.settings ?? {}).length > 0;
  return [
    ...unknownOptions(source, [...OPTIONS, ...DEFINITION_FIELDS]),
    ...present(
      hasSettings ? 'a custom source has no settings; leave them out.' : undefined,
      validateOptions(source),
      ...faults,
      faults.length === 0 ? validateSecret(source.secret, hasKeySet) : undefined,
    ),
  ];
}

const present = (...messages: readonly (string | undefined)[]): readonly string[] =>
  messages.filter((message) => message !== undefined);

const OPTIONS = Object.keys({
  provider: true,
  settings: true,
  maxBodyBytes: true,
  onInvalid: true,
  publicUrl: true,
  secret: true,
  allowedCidrs: true,
  throttle: true,
  retention: true,
  silentAfter: true,
} satisfies Record<keyof SourcePropsOf<'generic'>, true>);

const DEFINITION_FIELDS = Object.keys({
  title: true,
  documentation: true,
  signature: true,
  event: true,
  handshakes: true,
  acknowledgement: true,
  samples: true,
} satisfies Record<keyof CustomDefinition, true>);

/** A misspelt option would be left out without a word: type checks do not see it in an object that was read from a file. */
function unknownOptions(source: object, known: readonly string[]): readonly string[] {
  const unknown = Object.keys(source).filter((name) => !known.includes(name));
  return unknown.map((name) => {
    if (DEFINITION_FIELDS.includes(name)) {
      return `${name}: belongs to a custom source; leave it out, or set provider to 'custom'.`;
    }
    const meant = suggestion(name, known);
    const remedy = meant === undefined ? `the options are ${known.join(', ')}.` : `did you mean "${meant}"?`;
    return `${name}: there is no such option; ${remedy}`;
  });
}

function validateOptions(options: SourceOptions): string | undefined {
  const { allowedCidrs, throttle, retention, silentAfter } = options;
  return (
    validateMaxBodyBytes(options) ??
    validateOnInvalid(options) ??
    validatePublicUrl(options) ??
    (allowedCidrs && validateCidrs(allowedCidrs)) ??
    (throttle && validateThrottle(throttle)) ??
    (retention && validateRetention(retention)) ??
    (silentAfter && validateSilentAfter(silentAfter))
  );
}

/** Lambda takes 6 MB, which holds the event around the body, and base64 makes four bytes of three. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

function validateMaxBodyBytes({ maxBodyBytes = 1 }: SourceOptions): string | undefined {
  const isValid = Number.isInteger(maxBodyBytes) && maxBodyBytes >= 1 && maxBodyBytes <= MAX_BODY_BYTES;
  if (isValid) return undefined;
  return `maxBodyBytes must be a whole number from 1 to ${MAX_BODY_BYTES} (4 MiB), not ${maxBodyBytes}.`;
}

function validateOnInvalid({ onInvalid }: SourceOptions): string | undefined {
  if (onInvalid === undefined || onInvalid === 'quarantine' || onInvalid === 'reject') return undefined;
  return `onInvalid must be 'quarantine' or 'reject', not ${JSON.stringify(onInvalid)}.`;
}

function validatePublicUrl({ publicUrl }: SourceOptions): string | undefined {
  if (publicUrl === undefined || Token.isUnresolved(publicUrl) || isPublicUrl(publicUrl)) return undefined;
  return `publicUrl must be the complete https:// URL that the provider was given, not "${publicUrl}".`;
}

function isPublicUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, username, password, hash } = new URL(text);
  return protocol === 'https:' && username === '' && password === '' && hash === '' && !/\s/.test(text);
}

/**
 * Validates the limits of an inbox or a source.
 * @returns what is wrong, or `undefined`
 */
export function validateThrottle({ rateLimit, burstLimit }: Throttle): string | undefined {
  if (Token.isUnresolved([rateLimit, burstLimit])) return undefined;
  if (!Number.isFinite(rateLimit) || rateLimit <= 0) {
    return `throttle.rateLimit must be a number of requests per second above 0, not ${rateLimit}.`;
  }
  if (!Number.isInteger(burstLimit) || burstLimit < 1) {
    return `throttle.burstLimit must be a whole number of requests, at least 1, not ${burstLimit}.`;
  }
  return undefined;
}

/**
 * Validates the retention of an inbox or a source. Providers' clocks differ by minutes, so a shorter one would reject
 * genuine events as too old.
 * @returns what is wrong, or `undefined`
 */
export function validateRetention(retention: Duration): string | undefined {
  if (retention.toSeconds() >= 3600) return undefined;
  return `retention must be at least an hour, not ${retention.toSeconds()} seconds.`;
}

function validateSilentAfter(silentAfter: Duration): string | undefined {
  const seconds = silentAfter.toSeconds();
  const isMultiple = seconds % silencePeriod(silentAfter).toSeconds() === 0;
  if (isMultiple && seconds > 0 && seconds <= Duration.days(7).toSeconds()) return undefined;
  return `silentAfter must be a multiple of 5 minutes up to a day, or of an hour up to 7 days, not ${seconds} seconds.`;
}

function validateSettings(source: SourceProps<string>, definition: Provider): string | undefined {
  const { provider, settings = {} } = source;
  const declared = Object.entries<Setting>(definition.settings);
  const given = new Map(Object.entries<unknown>(settings));
  const unknown = [...given.keys()].find((key) => !declared.some(([name]) => name === key));
  if (unknown !== undefined) {
    const known = declared.map(([name]) => name).join(', ') || 'none';
    return `the provider "${provider}" has no setting "${unknown}". Its settings are: ${known}.`;
  }
  const messages = declared.map(([name, setting]) => validateSetting(provider, name, setting, given.get(name)));
  return messages.find((message) => message !== undefined);
}

function validateSetting(provider: string, name: string, declared: Setting, value: unknown): string | undefined {
  const { description, pattern, example, isOptional = false } = declared;
  if (value === undefined && isOptional) return undefined;
  const setting = `${name}: ${description} For example: settings: { ${name}: '${example}' }`;
  if (!isOptional && (value === undefined || value === '')) {
    return `the provider "${provider}" needs the setting ${setting}`;
  }
  const isValid = typeof value === 'string' && (Token.isUnresolved(value) || pattern.test(value));
  return isValid ? undefined : `"${value}" is not a valid value of the setting ${setting}`;
}

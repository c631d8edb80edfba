import { Duration, Token } from 'aws-cdk-lib';
import {
  isProviderName,
  type ProviderName,
  type ProviderSettings,
  providers,
  type Setting,
} from '../lambda/providers/index.ts';
import { validateCidrs } from './allowed-cidrs.ts';
import { constructId } from './construct-id.ts';
import { type Throttle, validateThrottle } from './throttle.ts';

/** What any source may be told. */
export interface SourceOptions {
  /**
   * The largest body accepted, in bytes; 4 MiB at most, since Lambda takes 6 MB and a body reaches it in base64.
   * @default 1 MiB
   */
  readonly maxBodyBytes?: number;
  /**
   * The URL that the provider was given, query string included, where that is not the one of the stack's output: with a
   * proxy in front, for instance. Some providers sign it: their pages in docs/providers say so.
   * @default as the stack's output has it: under the custom domain, or the API's own host name
   */
  readonly publicUrl?: string;
  /**
   * The addresses that may call, as ranges (CIDR) of IPv4 or IPv6: those that the provider publishes. Everyone else is
   * told by the API that there is no such endpoint, before any function runs; other sources are unaffected.
   * @default everyone, since signatures are what keeps strangers out
   */
  readonly allowedCidrs?: readonly string[];
  /**
   * How many requests the API lets through to this source, for each method of its provider; in place of what the inbox
   * says, be it less or more.
   * @default as the inbox has it
   */
  readonly throttle?: Throttle;
  /**
   * How long this source's events are kept, and so how old a signed one may be; an hour at least. A change is for the
   * events to come: those that are stored already keep the time they were stored with.
   * @default as the inbox has it
   */
  readonly retention?: Duration;
  /**
   * How long nothing may come from this source before an alarm goes off: well above the longest pause that is usual. A
   * multiple of 5 minutes up to a day, or of an hour up to 7 days. Without alarms it does nothing.
   * @default no such alarm
   */
  readonly silentAfter?: Duration;
}

/** One endpoint, `POST /webhooks/<its name>`, of a certain provider. */
export type SourcePropsOf<TName extends ProviderName> = SourceOptions & {
  /** Who sends, by a name that docs/providers.md lists. */
  readonly provider: TName;
} & (keyof ProviderSettings<TName> extends never
    ? { readonly settings?: Readonly<Record<string, never>> }
    : {
        /** What the provider needs besides its secret; its page in docs/providers describes each. */
        readonly settings: ProviderSettings<TName>;
      });

/** One endpoint, `POST /webhooks/<its name>`. */
export type SourceProps = { [TName in ProviderName]: SourcePropsOf<TName> }[ProviderName];

/** Sources by name. */
export type SourcesProps = Readonly<Record<string, SourceProps>>;

/** Lambda takes 6 MB, of which the event around the body is a little, and base64 makes four bytes of three. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** Whether a source has a signing secret: some providers sign with a certificate of their own. */
export function hasSecret({ provider }: SourceProps): boolean {
  return providers[provider]().signature.certificate === undefined;
}

/**
 * Checks sources before anything is built from them.
 * @throws {Error} that says which source is wrong, and what to change
 */
export function checkSources(sources: SourcesProps): void {
  const entries = Object.entries(sources);
  if (entries.length === 0) throw new Error("An inbox needs a source: sources: { partner: { provider: 'generic' } }");
  for (const [name, source] of entries) {
    const fault = faultIn(name, source);
    if (fault) throw new Error(`Source "${name}": ${fault}`);
  }
  checkDistinct(entries.map(([name]) => name));
}

/** Names become ids, in which hyphens are lost. */
function checkDistinct(names: readonly string[]): void {
  const ids = new Map<string, string>();
  for (const name of names) {
    const other = ids.get(constructId(name));
    if (other) throw new Error(`Sources "${other}" and "${name}": their names are too alike; rename one of them.`);
    ids.set(constructId(name), name);
  }
}

/** What is wrong with a source; also for callers whose types are not checked. */
function faultIn(name: string, source: SourceProps | undefined): string | undefined {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
    return 'its name is part of a URL; use lower-case letters, digits and single hyphens, 40 characters at most.';
  }
  const provider: string = source?.provider ?? '';
  if (!source || !isProviderName(provider)) {
    return `there is no provider "${provider}". There are: ${Object.keys(providers).join(', ')}.`;
  }
  return validateSize(source) ?? validateUrl(source) ?? validateEdge(source) ?? validateSettings(source);
}

function validateEdge({ allowedCidrs, throttle, retention, silentAfter }: SourceOptions): string | undefined {
  return (
    (allowedCidrs && validateCidrs(allowedCidrs)) ??
    (throttle && validateThrottle(throttle)) ??
    (retention && validateRetention(retention)) ??
    (silentAfter && validateSilence(silentAfter))
  );
}

/** The longest that an alarm of CloudWatch looks back: in periods below an hour, and in longer ones. */
const LOOK_BACK_DAYS = { inMinutes: 1, inHours: 7 };

/** The period in which an alarm counts what comes, so that it can look back as long as `silentAfter`. */
export function periodOfSilence(silentAfter: Duration): Duration {
  const isShort = silentAfter.toSeconds() <= Duration.days(LOOK_BACK_DAYS.inMinutes).toSeconds();
  return isShort ? Duration.minutes(5) : Duration.hours(1);
}

function validateSilence(silentAfter: Duration): string | undefined {
  const seconds = silentAfter.toSeconds();
  const isWhole = seconds % periodOfSilence(silentAfter).toSeconds() === 0;
  if (isWhole && seconds > 0 && seconds <= Duration.days(LOOK_BACK_DAYS.inHours).toSeconds()) return undefined;
  return `silentAfter must be a multiple of 5 minutes up to a day, or of an hour up to 7 days, not ${seconds} seconds.`;
}

/** What is wrong with a retention: the clocks of providers differ by minutes, so genuine events would be too old. */
export function validateRetention(retention: Duration): string | undefined {
  if (retention.toSeconds() >= 3600) return undefined;
  return `retention must be an hour at least, not ${retention.toSeconds()} seconds.`;
}

function validateSize({ maxBodyBytes = 1 }: SourceOptions): string | undefined {
  const isGood = Number.isInteger(maxBodyBytes) && maxBodyBytes >= 1 && maxBodyBytes <= MAX_BODY_BYTES;
  if (isGood) return undefined;
  return `maxBodyBytes must be a whole number from 1 to ${MAX_BODY_BYTES} (4 MiB), not ${maxBodyBytes}.`;
}

function validateUrl({ publicUrl }: SourceOptions): string | undefined {
  if (publicUrl === undefined || Token.isUnresolved(publicUrl) || isPublicUrl(publicUrl)) return undefined;
  return `publicUrl must be the whole https:// URL that the provider was given, not "${publicUrl}".`;
}

function isPublicUrl(text: string): boolean {
  const { protocol, username, password, hash } = URL.parse(text) ?? {};
  return protocol === 'https:' && username === '' && password === '' && hash === '' && !/\s/.test(text);
}

function validateSettings({ provider, settings = {} }: SourceProps): string | undefined {
  const declared = Object.entries<Setting>(providers[provider]().settings);
  const given = new Map(Object.entries<unknown>(settings));
  const unknown = [...given.keys()].find((key) => !declared.some(([name]) => name === key));
  if (unknown !== undefined) {
    const known = declared.map(([name]) => name).join(', ') || 'none';
    return `the provider "${provider}" has no setting "${unknown}". It has: ${known}.`;
  }
  const faults = declared.map(([name, { description, pattern, example }]) => {
    const value = given.get(name);
    const asked = `${name}: ${description} For example: settings: { ${name}: '${example}' }`;
    if (value === undefined || value === '') return `the provider "${provider}" needs the setting ${asked}`;
    const isGood = typeof value === 'string' && (Token.isUnresolved(value) || pattern.test(value));
    return isGood ? undefined : `"${value}" is not of the form of the setting ${asked}`;
  });
  return faults.find((fault) => fault !== undefined);
}

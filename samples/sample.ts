import { readFileSync } from 'node:fs';
import type { ProviderName } from '../lambda/providers/index.ts';
import type { Provider } from '../lambda/providers/provider.ts';
import type { Settings } from '../lambda/signature/scheme.ts';
import type { SignedRequest } from '../lambda/signature/signed-request.ts';

/** A request of a provider, before it is signed. */
export interface Sample {
  /** The names are in lower case. The values may hold placeholders for times. */
  readonly headers: Readonly<Record<string, string>>;
  /** May hold placeholders for times, such as `{{today:seconds}}`. */
  readonly body: string;
}

/** A provider and the settings that its sample is signed with. Every source is one. */
export interface SampleSource {
  readonly providerName: ProviderName;
  readonly provider: Provider;
  readonly settings: Settings;
}

/** What a sample is signed with. */
export interface SampleSigning {
  /** The signing secret or the private key. */
  readonly key: string;
  /** The URL that the provider was given. */
  readonly url: string;
  /** The time to sign, in epoch milliseconds. */
  readonly now: number;
  /** @default - the body of the sample */
  readonly body?: Buffer | undefined;
}

const DAY_MS = 24 * 3600 * 1000;

const FORMATS: Record<string, (time: number) => string> = {
  seconds: (time) => String(Math.floor(time / 1000)),
  milliseconds: (time) => String(time),
  iso: (time) => new Date(time).toISOString(),
  date: (time) => new Date(time).toISOString().slice(0, 10),
};

/** The samples of a provider, by name. */
export function readSamples(provider: ProviderName): Readonly<Record<string, Sample>> {
  return JSON.parse(readFileSync(new URL(`${provider}.json`, import.meta.url), 'utf8'));
}

/**
 * The first sample of a provider.
 * @throws {Error} if the provider has no sample
 */
export function readSample(provider: ProviderName): Sample {
  const [sample] = Object.values(readSamples(provider));
  if (!sample) throw new Error(`samples/${provider}.json holds no sample.`);
  return sample;
}

/**
 * Replaces the placeholders for times in a text. `{{now:…}}` is the current time. `{{today:…}}` is the beginning of the
 * day in UTC, so that all deliveries of a day are the same. The formats are `seconds`, `milliseconds`, `iso` and `date`.
 * @param now epoch milliseconds
 */
export function fillIn(text: string, now: number): string {
  const times: Record<string, number> = { now, today: now - (now % DAY_MS) };
  return text.replace(/\{\{(now|today):(\w+)\}\}/g, (placeholder, time, format) => {
    return FORMATS[format]?.(times[time] ?? now) ?? placeholder;
  });
}

/**
 * A sample as a request that is not signed.
 * @param now epoch milliseconds
 */
export function unsignedSample({ headers, body }: Sample, url: string, now: number): SignedRequest {
  return {
    method: 'POST',
    url,
    query: new URL(url).searchParams,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [fillIn(value, now)]])),
    body: Buffer.from(fillIn(body, now)),
  };
}

/** The first sample of a source's provider, signed as the provider would sign it. */
export function signedSample(
  { provider, providerName, settings }: SampleSource,
  { key, url, now, body }: SampleSigning,
): SignedRequest {
  const unsigned = unsignedSample(readSample(providerName), url, now);
  return provider.signature.sign({ ...unsigned, body: body ?? unsigned.body }, { key, now, settings });
}

/** A request as a command for a shell. */
export function asCurl({ url, headers, body }: SignedRequest): string {
  const flags = [...headers].map(([name, values]) => `-H ${quoted(`${name}: ${values.join(', ')}`)}`);
  return ['curl -i', ...flags, `--data-binary ${quoted(body.toString())}`, quoted(url)].join(' \\\n  ');
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

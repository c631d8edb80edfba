import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Provider, Sample } from '../lambda/providers/provider.ts';
import type { Settings } from '../lambda/signature/scheme.ts';
import type { SignedRequest } from '../lambda/signature/signed-request.ts';

/** A provider and the settings that its sample is signed with. Every source is one. */
export interface SampleSource {
  readonly providerName: string;
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
  /** @default - the first sample of the provider */
  readonly sample?: Sample | undefined;
  /** @default - the body of the sample */
  readonly body?: Buffer | undefined;
  /** Makes a new event, whose ids are derived from this text. @default - the sample's own event */
  readonly seed?: string | undefined;
}

const DAY_MS = 24 * 3600 * 1000;

const FORMATS: Record<string, (time: number) => string> = {
  seconds: (time) => String(Math.floor(time / 1000)),
  milliseconds: (time) => String(time),
  iso: (time) => new Date(time).toISOString(),
  date: (time) => new Date(time).toISOString().slice(0, 10),
};

/** The samples of a provider of the registry, by name. */
export function readSamples(providerName: string): Readonly<Record<string, Sample>> {
  return JSON.parse(readFileSync(new URL(`../samples/${providerName}.json`, import.meta.url), 'utf8'));
}

/**
 * The first sample of a provider of the registry.
 * @throws {Error} if the provider has no sample
 */
export function readSample(providerName: string): Sample {
  return firstSample(providerName, readSamples(providerName));
}

/**
 * The first sample of a source's provider, which has its samples with it if it is not in the registry.
 * @throws {Error} if the provider has no sample
 */
export function sampleOf(source: Pick<SampleSource, 'providerName' | 'provider'>): Sample {
  return firstSample(source.providerName, samplesOf(source));
}

/** The samples of a source's provider, by name. */
export function samplesOf({
  providerName,
  provider: { samples },
}: Pick<SampleSource, 'providerName' | 'provider'>): Readonly<Record<string, Sample>> {
  return samples ?? readSamples(providerName);
}

function firstSample(providerName: string, samples: Readonly<Record<string, Sample>>): Sample {
  const [sample] = Object.values(samples);
  if (!sample) throw new Error(`The provider ${providerName} has no sample.`);
  return sample;
}

/**
 * Replaces the placeholders in a text. `{{now:…}}` is the current time. `{{today:…}}` is the beginning of the day in UTC,
 * so that all deliveries of a day are the same. The formats are `seconds`, `milliseconds`, `iso` and `date`. `{{id:…}}`
 * is the id after the colon, and `{{id}}` is the date of the day.
 * @param now epoch milliseconds
 * @param seed derives other ids, the same for the same seed. @default - the ids in the text
 */
export function fillIn(text: string, now: number, seed?: string): string {
  const times: Record<string, number> = { now, today: now - (now % DAY_MS) };
  return text
    .replace(/\{\{(now|today):(\w+)\}\}/g, (placeholder, time, format) => {
      return FORMATS[format]?.(times[time] ?? now) ?? placeholder;
    })
    .replace(/\{\{id(?::([^{}]+))?\}\}/g, (_, id = fillIn('{{today:date}}', now)) => {
      return seed === undefined ? id : otherId(id, seed);
    });
}

/** Replaces the digits of an id. None becomes 0, so that a number does not begin with it. */
function otherId(id: string, seed: string): string {
  const bytes = createHash('sha256').update(`${seed} ${id}`).digest().values();
  return id.replace(/\d/g, () => String(1 + ((bytes.next().value ?? 0) % 9)));
}

/**
 * A sample as a request that is not signed.
 * @param now epoch milliseconds
 * @param seed makes a new event, whose ids are derived from it. @default - the sample's own event
 */
export function unsignedSample({ headers, body }: Sample, url: string, now: number, seed?: string): SignedRequest {
  return {
    method: 'POST',
    url,
    query: new URL(url).searchParams,
    headers: new Map(Object.entries(headers).map(([name, value]) => [name, [fillIn(value, now, seed)]])),
    body: Buffer.from(fillIn(body, now, seed)),
  };
}

/** A sample of a source's provider, signed as the provider would sign it. */
export function signedSample(source: SampleSource, signing: SampleSigning): SignedRequest {
  const { provider, settings } = source;
  const { key, url, now, body, seed, sample = sampleOf(source) } = signing;
  const unsigned = unsignedSample(sample, url, now, seed);
  return provider.signature.sign({ ...unsigned, body: body ?? unsigned.body }, { key, now, settings });
}

/** How parts of a command are written. */
export interface CurlOptions {
  /** Writes a header as a word for a shell. @default - in single quotes */
  readonly quote?: (header: string) => string;
  /** The flag that has the body. @default - the body as text */
  readonly data?: string;
}

/** A request as a command for a shell. */
export function asCurl({ url, headers, body }: SignedRequest, options: CurlOptions = {}): string {
  const { quote = quoted, data = dataFlag(body.toString()) } = options;
  const flags = [...headers].map(([name, values]) => `-H ${quote(`${name}: ${values.join(', ')}`)}`);
  return ['curl -i', ...flags, data, quoted(url)].join(' \\\n  ');
}

/** `--data-binary` would read a file that the body names, if it begins with `@`. */
const dataFlag = (body: string) => `${body.startsWith('@') ? '--data-raw' : '--data-binary'} ${quoted(body)}`;

/** Text as a word for a shell, in single quotes. */
export const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

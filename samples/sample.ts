import { readFileSync } from 'node:fs';
import type { Source } from '../lambda/receiver/source.ts';
import type { SignedRequest } from '../lambda/signature/signed-request.ts';

/** A provider's sample in test/vectors: what it sends, before it is signed. */
export interface Sample {
  readonly headers: Readonly<Record<string, string>>;
  /** May hold places for times, such as `{{today:seconds}}`. */
  readonly body: string;
}

/** What is known of a provider's requests, as test/vectors has it; the tests show that it holds. */
export interface VectorFile {
  readonly sample: Sample;
  /** How old a signed timestamp may be, where one is checked against a tolerance. */
  readonly toleranceSeconds?: number;
  /** False where the scheme signs nothing of the body. */
  readonly signsBody?: false;
  /** True where the scheme signs what the body says, not how it is written. */
  readonly reformattable?: true;
}

const DAY_MS = 24 * 3600 * 1000;

const FORMATS: Record<string, (time: number) => string> = {
  seconds: (time) => String(Math.floor(time / 1000)),
  milliseconds: (time) => String(time),
  iso: (time) => new Date(time).toISOString(),
  date: (time) => new Date(time).toISOString().slice(0, 10),
};

/** A provider's file in test/vectors. */
export function readVectorFile(provider: string): VectorFile {
  const file = new URL(`../test/vectors/${provider}.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8'));
}

/** The sample of a provider. */
function readSample(provider: string): Sample {
  return readVectorFile(provider).sample;
}

/**
 * Puts times into a text: `{{now:…}}`, and `{{today:…}}` for the day's beginning (UTC), which stays the same from one
 * delivery to the next; as `seconds`, `milliseconds`, `iso` or `date`.
 * @param now epoch milliseconds
 */
export function fillIn(text: string, now: number): string {
  const times: Record<string, number> = { now, today: now - (now % DAY_MS) };
  return text.replace(/\{\{(now|today):(\w+)\}\}/g, (place, time, format) => {
    return FORMATS[format]?.(times[time] ?? now) ?? place;
  });
}

/**
 * A source's sample request, signed as its provider would.
 * @param body in place of the sample's
 */
export function signedSample(
  source: Source,
  { key, url, now, body }: { key: string; url: string; now: number; body?: Buffer | undefined },
): SignedRequest {
  const { settings } = source;
  const sample = readSample(source.providerName);
  const headers = new Map(Object.entries(sample.headers).map(([name, value]) => [name, [fillIn(value, now)]]));
  const query = new URL(url).searchParams;
  const unsigned = {
    method: 'POST',
    url,
    query,
    headers,
    body: body ?? Buffer.from(fillIn(sample.body, now)),
  };
  return source.provider.signature.sign(unsigned, { key, now, settings });
}

/** A request as a command for a shell. */
export function asCurl({ url, headers, body }: SignedRequest): string {
  const flags = [...headers].map(([name, values]) => `-H ${quoted(`${name}: ${values.join(', ')}`)}`);
  return ['curl -i', ...flags, `--data-binary ${quoted(body.toString())}`, quoted(url)].join(' \\\n  ');
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

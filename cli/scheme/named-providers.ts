import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import type { Provider } from '../../lambda/providers/provider.ts';
import { MAX_READ_BODY_BYTES } from '../../lambda/receiver/middleware/read-body.ts';
import { parsePayload } from '../../lambda/receiver/parse-payload.ts';
import { type Certificates, fetchedCertificates } from '../../lambda/signature/certificates.ts';
import type { Fetch } from '../../lambda/signature/download.ts';
import type { Settings, Verdict } from '../../lambda/signature/scheme.ts';
import { onlyValue, type SignedRequest } from '../../lambda/signature/signed-request.ts';
import { type Delivery, withUrl } from './delivery.ts';
import { settingsToTry } from './settings-to-try.ts';
import type { Tries } from './tries.ts';

/** A provider of the registry. */
export interface NamedProvider {
  readonly name: ProviderName;
  readonly provider: Provider;
}

/** The verdict of a provider's scheme on a delivery. */
export interface NamedVerdict extends NamedProvider {
  readonly verdict: Verdict;
  /** The settings of the source that it was verified with. */
  readonly settings: Settings;
}

/** A provider whose scheme verifies a delivery. */
export interface NamedMatch extends NamedVerdict {
  /** Whether the signature covers the URL. */
  readonly isUrlSigned: boolean;
  /** The settings that the verification depends on. The values of others are unknown. */
  readonly knownSettings: readonly string[];
  /** Whether the provider reads events from the body. A request of another sender, or a handshake, may have none. */
  readonly hasEvents: boolean;
}

/** Verifies deliveries with the schemes of the registry. */
export interface NamedProviders {
  readonly all: readonly NamedProvider[];
  /** The verdict of each provider, or its most telling one if it has several settings. */
  readonly verdicts: (delivery: Delivery) => Promise<readonly NamedVerdict[]>;
  /** The providers whose schemes verify a delivery, the likeliest first. */
  readonly matches: (delivery: Delivery) => Promise<readonly NamedMatch[]>;
}

/** What the schemes are tried with. */
export interface NamedProvidersOptions {
  /** The settings of the source that were given. */
  readonly settings: Settings;
  readonly fetch: Fetch;
  readonly tries: Tries;
}

/** Schemes that many senders use, some of which are in the registry too. Nothing in a request tells them apart. */
const SCHEMES_OF_MANY: readonly ProviderName[] = ['svix', 'standard-webhooks'];

/** The schemes of the registry. */
export function namedProviders({ settings: given, fetch, tries }: NamedProvidersOptions): NamedProviders {
  const names = new Set([...SCHEMES_OF_MANY, ...(Object.keys(providers) as ProviderName[])]);
  const all = [...names].map((name) => ({ name, provider: providers[name]() }));
  const certificates = fetchedCertificates(fetch);

  async function verdictOf({ name, provider }: NamedProvider, delivery: Delivery): Promise<NamedVerdict> {
    const results: NamedVerdict[] = [];
    for (const settings of settingsToTry(provider, given)) {
      const verdict = await verify(provider, delivery, { settings, certificates, fetch });
      if (isHashed(verdict)) tries.take(delivery.request.body.length);
      results.push({ name, provider, verdict, settings });
      if (verdict === 'valid') break;
    }
    return mostTelling(results) ?? { name, provider, verdict: 'missing', settings: given };
  }

  async function verdicts(delivery: Delivery): Promise<readonly NamedVerdict[]> {
    const results: NamedVerdict[] = [];
    for (const each of all) if (!tries.areUsedUp()) results.push(await verdictOf(each, delivery));
    return results;
  }

  async function toMatch(valid: NamedVerdict, delivery: Delivery): Promise<NamedMatch> {
    const { provider, settings } = valid;
    const isValid = async (other: Delivery, tried: Settings) =>
      (await verify(provider, other, { settings: tried, certificates, fetch })) === 'valid';
    const elsewhere = withUrl(delivery, 'https://elsewhere.invalid/elsewhere');
    const knownSettings: string[] = [];
    for (const name of Object.keys(settings)) {
      if (!(await isValid(delivery, { ...settings, [name]: 'other' }))) knownSettings.push(name);
    }
    const isUrlSigned = !(await isValid(elsewhere, settings));
    return { ...valid, isUrlSigned, knownSettings, hasEvents: hasEvents(provider, delivery) };
  }

  return {
    all,
    verdicts,
    async matches(delivery) {
      const valid = (await verdicts(delivery)).filter(({ verdict }) => verdict === 'valid');
      const matches = await Promise.all(valid.map((each) => toMatch(each, delivery)));
      const fits = new Map(matches.map((each) => [each, fitOf(each, delivery)]));
      return matches.toSorted((one, other) => (fits.get(other) ?? 0) - (fits.get(one) ?? 0));
    },
  };
}

/** The receiver refuses a larger body that it would have to parse first. Here, it would be parsed for each try. */
function isRefusedUnread({ signature }: Provider, { headers, body }: SignedRequest): boolean {
  return body.length > MAX_READ_BODY_BYTES && (signature.readsBody?.(headers) ?? false);
}

interface Published {
  readonly settings: Settings;
  readonly certificates: Certificates;
  readonly fetch: Fetch;
}

async function verify(provider: Provider, { request, secret, at }: Delivery, published: Published): Promise<Verdict> {
  if (isRefusedUnread(provider, request)) return 'missing';
  return await provider.signature.verify(request, { secret, now: at, ...published });
}

/** Whether a scheme has hashed the body to come to its verdict. */
const isHashed = (verdict: Verdict) => verdict === 'valid' || verdict === 'mismatch';

const ORDER: readonly Verdict[] = [
  'valid',
  'certificate_unavailable',
  'outside_tolerance',
  'mismatch',
  'unusable_secret',
  'malformed',
  'missing',
];

const mostTelling = (results: readonly NamedVerdict[]) =>
  results.toSorted((one, other) => ORDER.indexOf(one.verdict) - ORDER.indexOf(other.verdict))[0];

/** How well a request fits to a provider, beyond its signature: providers share schemes. */
function fitOf({ provider, hasEvents: reads }: NamedMatch, delivery: Delivery): number {
  const { eventHeaders } = provider;
  const present = eventHeaders.filter((name) => delivery.request.headers.has(name)).length;
  // A missing one counts less: not every request has each.
  return present - (eventHeaders.length - present) / 2 + (reads ? 1 : 0);
}

function hasEvents(provider: Provider, { request, at }: Delivery): boolean {
  const mediaType = mediaTypeOf(request);
  const parsed = parsePayload(request.body, { mediaType, ...provider });
  if ('unreadable' in parsed) return false;
  const headers = new Map([...request.headers].filter(([name]) => provider.eventHeaders.includes(name)));
  const { events } = provider.read(parsed, { ...request, headers, mediaType, receivedAt: at });
  return events.length > 0 && events.every((each) => 'event' in each && each.event.id !== undefined);
}

const mediaTypeOf = ({ headers }: SignedRequest) =>
  (onlyValue(headers, 'content-type') ?? 'application/json').split(';', 1)[0]?.trim().toLowerCase() ?? '';

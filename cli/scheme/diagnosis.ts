import type { CapturedRequest } from './captured-request.ts';
import type { Cause, CauseName } from './causes.ts';
import { type CustomMatch, type CustomSources, customSources } from './custom-source.ts';
import { type Delivery, withUrl } from './delivery.ts';
import { inspect } from './inspection.ts';
import { type NamedMatch, type NamedProviders, namedProviders } from './named-providers.ts';
import { type ProviderForm, providerForms } from './provider-forms.ts';
import { publishedFile } from './published-file.ts';
import { bodyRepairs } from './repairs/body-repairs.ts';
import { headerRepairs } from './repairs/header-repairs.ts';
import type { Repair } from './repairs/repair.ts';
import { clockRepairs, lineRepairs, urlRepairs } from './repairs/request-repairs.ts';
import { secretRepairs } from './repairs/secret-repairs.ts';
import { type SignaturePlace, signaturePlaces } from './signature-places.ts';
import { urlsOf } from './signed-urls.ts';
import { timesIn } from './times.ts';
import { countedTries, MAX_TRIES, type Tries } from './tries.ts';

/** What verifies a delivery. */
export interface Match {
  /** The providers of the registry, the likeliest first. @default - none */
  readonly providers: readonly NamedMatch[];
  /** A custom source. @default - a provider verifies it, or nothing does */
  readonly custom?: CustomMatch | undefined;
  readonly delivery: Delivery;
}

/** A cause, and what verifies the delivery once it is gone. */
export interface NearestCause extends Cause {
  /** @default - nothing verifies it: the cause is seen, but not proven */
  readonly match?: Match;
}

/** What is known of a captured delivery. */
export interface Diagnosis {
  /** What verifies it as it is. @default - nothing */
  readonly match?: Match | undefined;
  /** Why nothing verifies it, or why the provider does not whose headers it has. The likeliest is first. */
  readonly causes: readonly NearestCause[];
  /** How long before the time of arrival it was signed, in seconds, if that time is unknown and this is too long. */
  readonly ageSeconds?: number | undefined;
  readonly tries: Pick<Tries, 'count' | 'areUsedUp'>;
}

/** What a delivery is diagnosed with. */
export interface DiagnosisOptions {
  readonly captured: CapturedRequest;
  /** The exact bytes of the body. @default - those in the captured request */
  readonly body?: Buffer | undefined;
  readonly secret: string;
  /** The URL that the sender was given. @default - the ones that the request names */
  readonly url?: string | undefined;
  /** When it arrived, in epoch milliseconds. @default - unknown */
  readonly arrivedAt?: number | undefined;
  /** The current time, in epoch milliseconds. */
  readonly now: number;
  /** Settings of the source, by name. */
  readonly settings: Readonly<Record<string, string>>;
  /** What the provider publishes: a certificate in PEM, or a JSON Web Key Set. @default - unknown */
  readonly published?: string | undefined;
  /** @default {@link MAX_TRIES} */
  readonly maxTries?: number;
}

/** More causes confuse. */
const MAX_CAUSES = 3;

/** Tries the known schemes on a delivery, and what may have broken it if none verifies it. No request is sent. */
export async function diagnose(options: DiagnosisOptions): Promise<Diagnosis> {
  const tries = countedTries(options.maxTries ?? MAX_TRIES);
  if (options.secret.includes('PRIVATE KEY')) return { causes: [{ name: 'secret-private' }], tries };
  const file = publishedFile(options.published);
  const named = namedProviders({ settings: options.settings, fetch: file.fetch, tries });
  const schemes = { named, custom: customSources(tries) };
  const deliveries = deliveriesOf(options);
  const [first] = deliveries;
  const ageOf = (at: number) => (at === first.at ? undefined : Math.round((options.now - at) / 1000));

  const asProvider = await firstOf(deliveries, (each) => asNamed(each, schemes));
  if (asProvider) {
    const match = await withSource(asProvider, schemes);
    return { match, causes: [], ageSeconds: ageOf(match.delivery.at), tries };
  }
  const forms = providerForms(named.all);
  const asCustom = await firstOf(deliveries, (each) => asSource(each, schemes));
  if (asCustom) {
    const causes = await brokenProvider(asCustom, forms, { ...schemes, tries });
    return { match: asCustom, causes, ageSeconds: ageOf(asCustom.delivery.at), tries };
  }
  const repairs = repairsOf(deliveries, options.captured, forms);
  const isOwn = hasOwnHeader(first, forms);
  const proven = await provenCauses(repairs, tries, async (each) => {
    return (await asNamed(each, schemes)) ?? (isOwn ? await asSource(each, schemes) : undefined);
  });
  if (proven.length > 0) return { causes: proven, tries };
  const verdicts = await named.verdicts(first);
  const causes = inspect({ delivery: first, captured: options.captured, forms, verdicts, publishedAt: file.urls });
  return { causes: causes.slice(0, MAX_CAUSES), tries };
}

interface Schemes {
  readonly named: NamedProviders;
  readonly custom: CustomSources;
}

type FindMatch = (delivery: Delivery) => Promise<Match | undefined>;

async function firstOf(deliveries: readonly Delivery[], matchOf: FindMatch): Promise<Match | undefined> {
  for (const delivery of deliveries) {
    const match = await matchOf(delivery);
    if (match) return match;
  }
  return undefined;
}

async function asNamed(delivery: Delivery, { named }: Schemes): Promise<Match | undefined> {
  const providers = await named.matches(delivery);
  return providers.length > 0 ? { providers, delivery } : undefined;
}

/** With a custom source too, if no provider reads an event from the body: it may be of a sender that signs in the same way. */
async function withSource(match: Match, schemes: Schemes): Promise<Match> {
  if (match.providers.some(({ hasEvents }) => hasEvents)) return match;
  return { ...match, custom: (await asSource(match.delivery, schemes))?.custom };
}

async function asSource(delivery: Delivery, { custom }: Schemes): Promise<Match | undefined> {
  const source = await custom.match(delivery);
  return source && { providers: [], custom: source, delivery };
}

/**
 * Whether a header that is no provider's may hold a signature. If not, a custom source would have to differ from the
 * provider and be broken too.
 */
function hasOwnHeader({ request }: Delivery, forms: readonly ProviderForm[]): boolean {
  const ofProviders = new Set(branded(forms).flatMap(({ headers }) => [...headers.keys()]));
  return signaturePlaces(request).some(({ header }) => !ofProviders.has(header));
}

/** Any sender may use the header of the generic provider. */
const branded = (forms: readonly ProviderForm[]) => forms.filter(({ name }) => name !== 'generic');

/** Why a provider does not verify a request with its header, which a custom source verifies. */
async function brokenProvider(
  match: Match,
  forms: readonly ProviderForm[],
  { tries, ...schemes }: Schemes & { readonly tries: Tries },
): Promise<readonly NearestCause[]> {
  const { delivery } = match;
  const repairs = [...headerRepairs(delivery, forms), ...secretRepairs(delivery)];
  const proven = await provenCauses(repairs, tries, (each) => asNamed(each, schemes));
  return proven.length > 0 ? proven : differences(match, forms);
}

/** The delivery, with each URL that it may have been sent to. If its time of arrival is unknown, with each time in it too. */
function deliveriesOf({
  captured,
  body,
  secret,
  url,
  arrivedAt,
  now,
}: DiagnosisOptions): readonly [Delivery, ...Delivery[]] {
  const [firstUrl = 'https://unknown.invalid/', ...urls] = url === undefined ? urlsOf(captured) : [url];
  const query = URL.parse(captured.target, 'https://unknown.invalid')?.searchParams ?? new URLSearchParams();
  const { method, headers } = captured;
  const request = { method, url: firstUrl, query, headers, body: body ?? captured.body };
  const first = { request, secret, at: arrivedAt ?? now };
  const sameTime = urls.map((each) => withUrl(first, each));
  const times = arrivedAt === undefined ? timesIn(request) : [];
  const atTimes = [first, ...sameTime].flatMap((each) => times.map((at) => ({ ...each, at })));
  return [first, ...sameTime, ...atTimes];
}

/** Each repair changes one thing. The likeliest are first. */
function* repairsOf(
  deliveries: readonly [Delivery, ...Delivery[]],
  captured: CapturedRequest,
  forms: readonly ProviderForm[],
): Generator<Repair> {
  const [delivery] = deliveries;
  yield* clockRepairs(delivery);
  for (const each of atEachTime(deliveries)) {
    yield* secretRepairs(each);
    yield* headerRepairs(each, forms);
    yield* urlRepairs(each, captured);
    yield* lineRepairs(each);
    yield* bodyRepairs(each, captured);
  }
}

/** Without the time of arrival, each time in the request may be it. */
function atEachTime(deliveries: readonly [Delivery, ...Delivery[]]): readonly Delivery[] {
  const [{ request }] = deliveries;
  return deliveries.filter((each) => each.request === request);
}

async function provenCauses(
  repairs: Iterable<Repair>,
  tries: Tries,
  matchOf: FindMatch,
): Promise<readonly NearestCause[]> {
  const causes = new Map<CauseName, NearestCause>();
  for (const { delivery, ...cause } of repairs) {
    if (causes.has(cause.name)) continue;
    const match = await matchOf(delivery);
    if (match) causes.set(cause.name, { ...cause, match });
    if (causes.size === MAX_CAUSES || tries.areUsedUp()) break;
  }
  return [...causes.values()];
}

/** How a custom source differs from the provider whose header it has. */
function differences({ custom, delivery }: Match, forms: readonly ProviderForm[]): readonly Cause[] {
  const signature = custom?.definition.signature;
  if (!signature || !('header' in signature) || signature.algorithm === 'token') return [];
  const [header = ''] = [signature.header].flat();
  const form = branded(forms).find(({ headers }) => headers.has(header));
  const expected = form && placeIn(header, form.headers.get(header) ?? '');
  const found = placeIn(header, delivery.request.headers.get(header)?.[0] ?? '');
  if (!expected || !found) return [];
  const name = differenceOf(expected, found, 'key' in signature ? (signature.key ?? 'text') : 'text');
  return [{ name, detail: `${header} is a header of ${form.provider.title}` }];
}

const placeIn = (header: string, value: string) => signaturePlaces({ headers: new Map([[header, [value]]]) })[0];

function differenceOf(expected: SignaturePlace, found: SignaturePlace, key: string): CauseName {
  if (expected.prefix !== found.prefix) return 'signature-prefix';
  if (expected.encoding !== found.encoding) return 'signature-encoding';
  if (expected.bytes.length !== found.bytes.length) return 'signature-hash';
  return key === 'text' ? 'signature-content' : 'signature-key';
}

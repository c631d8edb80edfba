import { type ProviderName, providers } from '../../lambda/providers/index.ts';
import { hasSecret } from '../../lambda/signature/scheme.ts';
import { RETRY_SCHEDULES } from '../../samples/retry-schedules.ts';
import type { Certificates, CertifiedProvider } from './certificate-authority.ts';
import { FAULTS, type Outage, SERVICES, type ServiceName } from './outages.ts';
import type { Random } from './random.ts';
import type { BodyKind } from './sent-event.ts';
import { type SimulatedSource, simulatedSource } from './simulated-source.ts';

/** What happens in a day. All times are in epoch milliseconds. */
export interface Plan {
  readonly sources: readonly SimulatedSource[];
  readonly bodies: readonly PlannedBody[];
  readonly outages: readonly Outage[];
  readonly rotations: readonly PlannedRotation[];
  readonly floods: readonly PlannedFlood[];
  readonly replays: readonly number[];
  /** When DynamoDB deletes the items that have expired by then. */
  readonly sweeps: readonly number[];
  readonly previousSecretGraceSeconds: number;
  /** The shares of invocations that are killed and paused in the middle. */
  readonly killed: number;
  readonly paused: number;
}

/** A body that a provider sends. */
export interface PlannedBody {
  readonly at: number;
  readonly from: SimulatedSource;
  readonly kind: BodyKind;
  /** Makes its ids: two bodies with the same one have the same event ids. */
  readonly seed: string;
}

/** A new secret of a source. */
export interface PlannedRotation {
  readonly source: SimulatedSource;
  /** How long it is staged before it becomes the current one, in milliseconds. */
  readonly stagedMs: number;
  readonly promotedAt: number;
  /** How long after that the provider begins to sign with it, in milliseconds. */
  readonly usedAfterMs: number;
}

/** Forged requests in a row. */
export interface PlannedFlood {
  readonly at: number;
  readonly target: SimulatedSource;
  readonly requests: number;
  /** Between two requests, in milliseconds. */
  readonly everyMs: number;
}

/** The certificates of the providers that sign with one. */
export type AllCertificates = Readonly<Record<CertifiedProvider, Certificates>>;

/** The beginning of every simulated day. */
export const DAY_START = Date.parse('2026-03-01T00:00:00Z');
const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** When the certificate ends that does so within the day. */
export const CERTIFICATE_END = DAY_START + 18 * HOUR;

const NAMES = Object.keys(RETRY_SCHEDULES) as ProviderName[];
const CERTIFIED: readonly CertifiedProvider[] = ['sns', 'paypal'];
const isCertified = (name: ProviderName): name is CertifiedProvider => CERTIFIED.some((each) => each === name);

/** The providers whose events are lost with the first or second answer that is not a 2xx. */
const IMPATIENT = NAMES.filter((name) => RETRY_SCHEDULES[name].delaysSeconds.length <= 1);

/** How long the events of a source live that reuses their ids, in seconds. */
const SHORT_RETENTION = 2 * 3600;

/** Draws a day. */
export function planDay(random: Random, certificates: AllCertificates): Plan {
  const reusesIds = random.chance(0.1);
  const sources = reusesIds
    ? [simulatedSource('generic', SHORT_RETENTION)]
    : planSources(random.fork('sources'), certificates);
  const outages = planOutages(random.fork('outages'), servicesOf(sources), reusesIds ? 10 * MINUTE : 9 * HOUR);
  const rotations = planRotations(random.fork('rotations'), sources, outages);
  const moments = [...outages.flatMap(({ from, until }) => [from, until]), ...rotations.map((each) => each.promotedAt)];
  const inDay = random.fork('moments');
  const moment = () => worstMoment(inDay, moments);
  const attacked = rotations.filter(() => random.chance(0.6));
  const floods = [
    ...planFloods(random.fork('floods'), sources, moment),
    ...attacked.map((rotation) => floodAround(random.fork('attacks'), rotation)),
  ];
  const bodies = numbered([
    ...planBodies(random.fork('bodies'), sources, moment),
    ...outages.flatMap((outage) => bodiesDuring(random.fork('during outages'), sources, outage)),
    ...rotations.flatMap((rotation) => bodiesAround(random.fork('around rotations'), rotation)),
    ...floods.flatMap((flood) => bodiesAmid(random.fork('amid floods'), flood)),
  ]);
  return {
    sources,
    outages,
    rotations,
    previousSecretGraceSeconds: random.pick([HOUR, 24 * HOUR]) / SECOND,
    bodies: reusesIds ? [...bodies, ...bodies.map(reused)] : bodies,
    floods,
    replays: Array.from({ length: random.integer(0, 6) }, moment),
    sweeps: Array.from({ length: random.integer(0, 4) }, () => DAY_START + random.between(0, DAY)),
    killed: random.pick([0, 0, 0.01, 0.05]),
    paused: random.pick([0, 0, 0.01, 0.05]),
  };
}

/** A new event under the id of an earlier one, whose item has expired for sure. */
const reused = (body: PlannedBody): PlannedBody => ({ ...body, at: body.at + 2 * SHORT_RETENTION * SECOND });

/** Most things happen just when something else does. */
function worstMoment(random: Random, moments: readonly number[]): number {
  const anytime = DAY_START + random.between(0, DAY);
  if (moments.length === 0 || random.chance(0.3)) return anytime;
  const [before, after] = random.pick([
    [0, 5 * SECOND],
    [10 * SECOND, 2 * MINUTE],
    [2 * MINUTE, 20 * MINUTE],
    [0, 4 * HOUR],
  ] as const);
  return Math.max(DAY_START, random.pick(moments) + random.between(-before, after));
}

function planSources(random: Random, certificates: AllCertificates): SimulatedSource[] {
  const impatient = random.sample(IMPATIENT, random.integer(1, 2));
  const certified = random.sample(CERTIFIED, random.pick([0, 0, 1]));
  const others = NAMES.filter((name) => hasSecret(providers[name]().signature) && !impatient.includes(name));
  return [...impatient, ...certified, ...random.sample(others, random.integer(1, 3))].map((name) => {
    const source = simulatedSource(name);
    if (isCertified(name)) source.certificates.push(...planCertificates(random, certificates[name]));
    return source;
  });
}

function planCertificates(random: Random, { usual, ending, next }: Certificates): SimulatedSource['certificates'] {
  const first = random.pick([usual, ending]);
  const since = random.between(DAY_START, CERTIFICATE_END - HOUR);
  return [
    { certificate: first, since: DAY_START },
    { certificate: next, since },
  ];
}

/** The services that the sources need. */
function servicesOf(sources: readonly SimulatedSource[]): readonly ServiceName[] {
  const isCertificateNeeded = sources.some(({ certificates }) => certificates.length > 0);
  return SERVICES.filter((service) => service !== 'certificates' || isCertificateNeeded);
}

function planOutages(random: Random, services: readonly ServiceName[], longestMs: number): Outage[] {
  const count = random.pick([0, 1, 1, 2, 2, 3, 5]);
  const failing = random.chance(0.5) ? [random.pick(services)] : services;
  return Array.from({ length: count }, () => planOutage(random, failing, longestMs));
}

function planOutage(random: Random, services: readonly ServiceName[], longestMs: number): Outage {
  const service = random.pick(services);
  const from = DAY_START + random.between(0, DAY - HOUR);
  const durations = [2 * SECOND, 30 * SECOND, 10 * MINUTE, HOUR, 9 * HOUR].filter((each) => each <= longestMs);
  const duration = random.pick(durations) * random.between(0.5, 1.5);
  // A host that denies access to a certificate has none there, as far as anyone can tell.
  const faults = FAULTS.filter((fault) => service !== 'certificates' || fault !== 'denying');
  return { service, fault: random.pick(faults), from, until: from + duration, share: random.pick([1, 1, 1, 0.6, 0.2]) };
}

function planRotations(random: Random, sources: readonly SimulatedSource[], outages: readonly Outage[]) {
  const rotated = sources.filter((source) => source.certificates.length === 0 && random.chance(0.35));
  return rotated.map((source) => planRotation(random, source, outages));
}

function planRotation(random: Random, source: SimulatedSource, outages: readonly Outage[]): PlannedRotation {
  const ofSecrets = outages.filter(({ service }) => service === 'secrets');
  const anytime = DAY_START + random.between(HOUR, DAY - HOUR);
  const close = ofSecrets.length > 0 && random.chance(0.6);
  const wanted = close ? random.pick(ofSecrets).from - random.between(SECOND, MINUTE) : anytime;
  return {
    source,
    stagedMs: random.pick([0, 0, 0, 10 * MINUTE, 3 * HOUR, 13 * HOUR]),
    promotedAt: afterOutages(Math.max(DAY_START + MINUTE, wanted), ofSecrets),
    usedAfterMs: random.pick([2.5 * SECOND, 10 * SECOND, 5 * MINUTE, 30 * MINUTE]),
  };
}

/** A secret cannot be put while Secrets Manager is down. */
function afterOutages(time: number, outages: readonly Outage[]): number {
  const outage = outages.find(({ from, until }) => from <= time && time < until);
  return outage ? afterOutages(outage.until + SECOND, outages) : time;
}

/** A body before it is numbered. */
type UnnumberedBody = Omit<PlannedBody, 'seed'>;

/** Gives each body its own ids; a provider may send one twice at the same time. */
function numbered(bodies: readonly (UnnumberedBody & { readonly isSentTwice?: boolean })[]): PlannedBody[] {
  return bodies.flatMap(({ isSentTwice, ...body }, index) => {
    const planned = { ...body, seed: String(index) };
    return isSentTwice ? [planned, planned] : [planned];
  });
}

function planBodies(random: Random, sources: readonly SimulatedSource[], moment: () => number) {
  const bursts = Array.from({ length: random.integer(5, 14) }, () => ({
    at: moment(),
    spread: random.pick([0, SECOND, MINUTE]),
    length: random.pick([1, 1, 2, 6]),
  }));
  return bursts.flatMap(({ at, spread, length }) =>
    Array.from({ length }, () => ({
      ...planBody(random, random.pick(sources), at + random.between(0, spread)),
      isSentTwice: random.chance(0.04),
    })),
  );
}

/** A source that is in use all through an outage, and so has environments that know its secret from before. */
function bodiesDuring(
  random: Random,
  sources: readonly SimulatedSource[],
  { from, until }: Outage,
): readonly UnnumberedBody[] {
  const source = random.pick(sources);
  const shares = [0, 0.15, 0.3, 0.45, 0.6, 0.75, 0.9];
  const before = planBody(random, source, from - random.between(SECOND, 5 * MINUTE));
  return [before, ...shares.map((share) => planBody(random, source, from + share * (until - from)))];
}

/** Before a rotation, between it and the first use of the new secret, and just after that. */
function bodiesAround(random: Random, { source, promotedAt, usedAfterMs }: PlannedRotation): readonly UnnumberedBody[] {
  const times = [
    promotedAt - random.between(SECOND, 4 * MINUTE),
    promotedAt + random.next() * usedAfterMs,
    promotedAt + usedAfterMs + random.between(0, SECOND),
    promotedAt + usedAfterMs + random.between(0, 10 * SECOND),
  ];
  return times.map((at) => planBody(random, source, at));
}

/**
 * Genuine bodies in the middle of a flood. If the source has a certificate, an environment fetched it more than an hour
 * ago, and has been in use since then.
 */
function bodiesAmid(random: Random, { at, target, requests, everyMs }: PlannedFlood): readonly UnnumberedBody[] {
  const earlier = target.certificates.length > 0 ? [70 * MINUTE, 40 * MINUTE, 10 * MINUTE] : [];
  const times = [
    ...earlier.map((before) => at - before),
    at + random.next() * requests * everyMs,
    at + random.between(0.7, 1) * requests * everyMs,
  ];
  return times.map((time) => planBody(random, target, time));
}

const planBody = (random: Random, from: SimulatedSource, at: number) => ({ at, from, kind: planKind(random, from) });

const JSON_OBJECTS: readonly ProviderName[] = [
  'github',
  'gitlab',
  'stripe',
  'paddle',
  'svix',
  'standard-webhooks',
  'generic',
];
const WITH_ID_IN_BODY: readonly ProviderName[] = ['stripe', 'paddle', 'square', 'typeform', 'zendesk'];

function planKind(random: Random, { name }: SimulatedSource): BodyKind {
  const isObject = JSON_OBJECTS.includes(name);
  if (isObject && random.chance(0.04)) return 'big integer';
  if (isObject && random.chance(0.02)) return 'refused payload';
  if (isObject && random.chance(0.01)) return 'large';
  if (name === 'generic' && random.chance(0.04)) return 'refused event';
  return WITH_ID_IN_BODY.includes(name) && random.chance(0.06) ? 'invalid' : 'usual';
}

function planFloods(random: Random, sources: readonly SimulatedSource[], moment: () => number): PlannedFlood[] {
  return Array.from({ length: random.pick([0, 0, 1, 1, 2]) }, () => ({
    at: moment() - random.between(0, 5 * SECOND),
    target: random.pick(sources),
    requests: random.pick([5, 20, 60, 120]),
    everyMs: random.pick([20, 200, 1_500]),
  }));
}

/** Forgeries that make every environment read the secret just before it is rotated. */
function floodAround(random: Random, { source, promotedAt }: PlannedRotation): PlannedFlood {
  return { at: promotedAt - random.between(SECOND, 10 * SECOND), target: source, requests: 30, everyMs: 400 };
}

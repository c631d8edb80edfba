import type { RetriedOutcome, RetrySchedule } from '../../samples/retry-schedules.ts';

/** A service of AWS, and the monthly uptime that AWS commits to for a region. */
export interface Service {
  readonly title: string;
  /** From 0 to 1. */
  readonly uptime: number;
  /** The page of the service level agreement. */
  readonly agreement: string;
}

/** The service level agreements, as of November 2026. */
export const SERVICES = {
  gateway: { title: 'API Gateway', uptime: 0.9995, agreement: 'https://aws.amazon.com/api-gateway/sla/' },
  lambda: { title: 'Lambda', uptime: 0.9995, agreement: 'https://aws.amazon.com/lambda/sla/' },
  secrets: { title: 'Secrets Manager', uptime: 0.9999, agreement: 'https://aws.amazon.com/secrets-manager/sla/' },
  table: { title: 'DynamoDB', uptime: 0.9999, agreement: 'https://aws.amazon.com/dynamodb/sla/' },
  bucket: { title: 'S3', uptime: 0.999, agreement: 'https://aws.amazon.com/s3/sla/' },
  queue: { title: 'SQS', uptime: 0.999, agreement: 'https://aws.amazon.com/messaging/sla/' },
  bus: { title: 'EventBridge', uptime: 0.9999, agreement: 'https://aws.amazon.com/eventbridge/sla/' },
} as const satisfies Record<string, Service>;

/** The name of a service. */
export type ServiceName = keyof typeof SERVICES;

export const MILLION = 1_000_000;

/** Assumptions about an inbox. */
export const ASSUMED = {
  /** A month of 30 days. */
  monthSeconds: 30 * 24 * 3600,
  /**
   * Deliveries to an instance that has not read the secret yet, from 0 to 1: a cold start.
   * @see https://docs.aws.amazon.com/lambda/latest/operatorguide/execution-environments.html
   */
  newInstances: 0.01,
} as const;

/** How long an instance keeps what it has read, in seconds. */
export interface CacheTimes {
  /** The time between two reads. */
  readonly refreshed: number;
  /** The time since its last read for which it is used while reads fail. */
  readonly usable: number;
}

/** The lifetimes without and with the measure that keeps events. */
export type CacheComparison = Readonly<Record<keyof Comparison, CacheTimes>>;

/** A figure without and with the measure that keeps events. */
export interface Comparison {
  readonly without: number;
  readonly with: number;
}

/** Signing secrets, without and with the use of cached ones while Secrets Manager fails. */
export const SECRET_TIMES = {
  without: { refreshed: 300, usable: 300 },
  with: { refreshed: 300, usable: 24 * 3600 },
} as const satisfies CacheComparison;

/** Certificates of Amazon SNS and PayPal, without and with the use of cached ones until they expire. */
export const CERTIFICATE_TIMES = {
  without: { refreshed: 3600, usable: 3600 },
  with: { refreshed: 3600, usable: Number.POSITIVE_INFINITY },
} as const satisfies CacheComparison;

/** What a provider gets during an outage: the receiver's 503, or another 5xx of API Gateway. */
export type Failure = 'unavailable' | 'failed';

const RETRIED: Readonly<Record<RetriedOutcome, readonly Failure[]>> = {
  any: ['unavailable', 'failed'],
  server: ['unavailable', 'failed'],
  temporary: ['unavailable'],
  connection: [],
};

/** The time from the first attempt of a provider to its last, in seconds; 0 if it makes no second one. */
export function patience({ delaysSeconds, retriedAfter }: RetrySchedule, failure: Failure): number {
  if (!RETRIED[retriedAfter].includes(failure)) return 0;
  return delaysSeconds.reduce((sum, delay) => sum + delay, 0);
}

/** The length of the outage that a service may have in a month within its service level agreement, in seconds. */
export const monthlyOutage = ({ uptime }: Service) => (1 - uptime) * ASSUMED.monthSeconds;

/**
 * The part of an outage whose events are lost, in seconds: an event is lost if its last attempt is within the outage too.
 * @param outage in seconds
 * @param window {@link patience}
 */
export const lostSeconds = (outage: number, window: number) => Math.max(0, outage - window);

/** The events that are lost per million if each attempt of a provider fails by itself, as often as the agreement allows. */
export const lostIfSpread = ({ uptime }: Service, attempts: number) => (1 - uptime) ** attempts * MILLION;

/**
 * The same as {@link lostSeconds} if events are lost only while two services fail, each once a month and at random: the mean over all times at
 * which the two outages may begin.
 */
export const lostInBoth = (one: number, other: number, window: number) =>
  (lostSeconds(one, window) * lostSeconds(other, window)) / ASSUMED.monthSeconds;

/**
 * The same as {@link lostSeconds} for an instance that has read what it needs. When the outage begins, the last read was at any time within the
 * last `refreshed` seconds.
 */
export function lostWithCache(outage: number, window: number, { refreshed, usable }: CacheTimes): number {
  const beyond = lostSeconds(outage, window) - usable;
  if (beyond >= 0) return beyond + refreshed / 2;
  return Math.max(0, beyond + refreshed) ** 2 / (2 * refreshed);
}

/** {@link lostWithCache}, with the share of deliveries to new instances, which have nothing in memory. */
export function lostWithInstances(outage: number, window: number, times: CacheTimes): number {
  const { newInstances } = ASSUMED;
  return newInstances * lostSeconds(outage, window) + (1 - newInstances) * lostWithCache(outage, window, times);
}

/** The events of a provider that the services lose, per million events. */
export interface Losses {
  readonly table: Comparison;
  readonly secrets: Comparison;
  /** Of a million events whose payload is too large for an item. */
  readonly bucket: Comparison;
  /** API Gateway and Lambda together; nothing keeps their events. */
  readonly gateway: Comparison;
  /** The sum for an event whose payload fits into an item. */
  readonly sum: Comparison;
}

/** The events of a provider that are lost if each service fails once a month, for as long as its agreement allows. */
export function lossesPerMillion(schedule: RetrySchedule): Losses {
  const window = patience(schedule, 'unavailable');
  const other = patience(schedule, 'failed');
  const queue = monthlyOutage(SERVICES.queue);
  const stored = (service: Service) => {
    const outage = monthlyOutage(service);
    return perMillion(lostSeconds(outage, window), lostInBoth(outage, queue, window));
  };
  const unread = (times: CacheTimes) => lostWithInstances(monthlyOutage(SERVICES.secrets), window, times);
  const failing =
    lostSeconds(monthlyOutage(SERVICES.gateway), other) + lostSeconds(monthlyOutage(SERVICES.lambda), other);
  const losses = {
    table: stored(SERVICES.table),
    secrets: perMillion(unread(SECRET_TIMES.without), unread(SECRET_TIMES.with)),
    bucket: stored(SERVICES.bucket),
    gateway: perMillion(failing, failing),
  };
  const sumOf = (side: keyof Comparison) => losses.table[side] + losses.secrets[side] + losses.gateway[side];
  return { ...losses, sum: { without: sumOf('without'), with: sumOf('with') } };
}

const perMillion = (without: number, withMeasure: number): Comparison => ({
  without: (without / ASSUMED.monthSeconds) * MILLION,
  with: (withMeasure / ASSUMED.monthSeconds) * MILLION,
});

import type { Random } from './random.ts';

/** The services around the functions. Each table is a service, since DynamoDB throttles each by itself. */
export const SERVICES = [
  'events',
  'quarantine',
  'payloads',
  'secrets',
  'bus',
  'overflow',
  'dead letters',
  'certificates',
] as const;

/** A service that may fail. */
export type ServiceName = (typeof SERVICES)[number];

/**
 * How a service fails.
 * - `silent`: it never answers, and does nothing
 * - `refusing`: the connection is reset, and nothing is done
 * - `forgetful`: it does what it is asked, and the answer is lost
 * - `broken`, `unavailable`, `throttling`, `denying`: it answers 500, 503, with a throttling error, or denies access
 * - `slow`: it does what it is asked, and takes seconds to answer
 */
export const FAULTS = [
  'silent',
  'refusing',
  'forgetful',
  'broken',
  'unavailable',
  'throttling',
  'denying',
  'slow',
] as const;

/** How a service fails. */
export type Fault = (typeof FAULTS)[number];

/** A time in which a service fails; times are in epoch milliseconds. */
export interface Outage {
  readonly service: ServiceName;
  readonly fault: Fault;
  readonly from: number;
  readonly until: number;
  /** The share of requests that meet the fault, up to 1. */
  readonly share: number;
}

/** The outages of a day. */
export interface Outages {
  readonly all: readonly Outage[];
  /** The fault that a request meets; undefined if it is served. */
  readonly meet: (service: ServiceName, now: number) => Fault | undefined;
  /** Whether one of the services fails at some time between two. */
  readonly overlap: (services: readonly ServiceName[], from: number, until: number) => boolean;
  /** The end of the last outage of the services; minus infinity without one. */
  readonly lastEnd: (services: readonly ServiceName[]) => number;
}

/** Plays outages. */
export function outagesOf(all: readonly Outage[], random: Random): Outages {
  return {
    all,
    meet(service, now) {
      const outage = all.find((each) => each.service === service && each.from <= now && now < each.until);
      return outage && random.chance(outage.share) ? outage.fault : undefined;
    },
    overlap: (services, from, until) =>
      all.some((each) => services.includes(each.service) && each.from <= until && from < each.until),
    lastEnd: (services) =>
      Math.max(
        Number.NEGATIVE_INFINITY,
        ...all.filter(({ service }) => services.includes(service)).map((each) => each.until),
      ),
  };
}

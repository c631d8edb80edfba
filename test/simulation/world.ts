import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import type { VirtualClock } from './clock.ts';
import type { Cloud } from './cloud.ts';
import type { FunctionPool } from './function-pool.ts';
import type { Knowledge } from './knowledge.ts';
import type { Invariant, Ledger } from './ledger.ts';
import type { Outages } from './outages.ts';
import type { Plan } from './plan.ts';
import type { Random } from './random.ts';

/** Everything of a simulated day. */
export interface World {
  readonly plan: Plan;
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly outages: Outages;
  readonly cloud: Cloud;
  readonly receiver: FunctionPool<APIGatewayProxyEvent, APIGatewayProxyResult>;
  readonly knowledge: Knowledge;
  readonly ledger: Ledger;
  /** Starts something that takes virtual time. The day fails if it fails. */
  readonly start: (activity: () => Promise<void>) => void;
}

/** Starts something at a time in epoch milliseconds. */
export function startAt({ clock, start }: World, time: number, activity: () => Promise<void>): void {
  clock.at(time, () => start(activity));
}

/** A time of a trace. @param time epoch milliseconds */
export const timeOf = (time: number): string => new Date(time).toISOString();

/** Writes a line of the trace. */
export function trace({ ledger, clock }: World, line: string): void {
  ledger.trace(`${timeOf(clock.now())} ${line}`);
}

/** Records a broken invariant. */
export function violate(world: World, invariant: Invariant, details: string): void {
  world.ledger.violations.push({ at: world.clock.now(), invariant, details });
  trace(world, `VIOLATION ${invariant}: ${details}`);
}

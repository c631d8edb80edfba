import { mean } from 'simple-statistics';
import type { ContestantName } from './contestants.ts';
import type { ColdStart } from './function-process.ts';
import type { Work } from './measure.ts';
import type { Results } from './results.ts';
import { type Figure, figure, ratio } from './statistics.ts';

/** What webhook-inbox wants to reach, as a ratio or a number that it may not exceed. */
export interface Target {
  readonly what: string;
  readonly atMost: number;
  readonly measured: Figure;
}

/** From the first byte of code to the first answer, one a round, in milliseconds. */
export function coldTotals({ cold }: Results, name: ContestantName): number[] {
  return coldValues(cold, name, ({ importMs, firstEventMs }) => importMs + firstEventMs);
}

/** One figure of each cold start. */
export function coldValues(cold: Results['cold'], name: ContestantName, of: (start: ColdStart) => number): number[] {
  return (cold.get(name) ?? []).map(of);
}

/** Microseconds of CPU an event, one a round. */
export function cpuMicros({ warm }: Results, name: ContestantName, work: Work): readonly number[] {
  return warm.work.get(name)?.[work].cpuMicros ?? [];
}

/** Every target, with what this run came to. */
export function targets(results: Results): Target[] {
  const cold = (other: ContestantName) => ratio(coldTotals(results, 'inbox'), coldTotals(results, other));
  const stored = (other: ContestantName) =>
    ratio(cpuMicros(results, 'inbox', 'stored'), cpuMicros(results, other, 'stored'));
  const github = results.payloads[0];
  const requests = results.usage.get('inbox')?.stored.requests.length ?? Number.NaN;
  return [
    { what: "cold start, times the bare fetch's", atMost: 1.25, measured: cold('floor') },
    { what: "cold start, times Powertools'", atMost: 0.6, measured: cold('powertools') },
    { what: "CPU of a stored event, times the bare fetch's", atMost: 1.15, measured: stored('floor') },
    { what: "CPU of a stored event, times Powertools'", atMost: 0.5, measured: stored('powertools') },
    {
      what: 'CPU of a refused forgery, times one bare HMAC and an answer in JSON',
      atMost: 3,
      measured: ratio(cpuMicros(results, 'inbox', 'forgery'), results.warm.bareHmacMicros),
    },
    {
      what: `write units of a ${github?.payload}, times those without compression`,
      atMost: 0.35,
      measured: figure([(github?.writeUnits ?? Number.NaN) / (github?.plainWriteUnits ?? Number.NaN)]),
    },
    { what: 'requests to DynamoDB for a stored event', atMost: 1, measured: figure([requests]) },
  ];
}

/** The mean of what Secrets Manager made a cold start wait for, in milliseconds. */
export const secretWait = ({ cold }: Results) => mean(coldValues(cold, 'inbox', ({ secretMs }) => secretMs));

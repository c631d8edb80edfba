import { mean } from 'simple-statistics';
import type { ContestantName } from './contestants.ts';
import type { ColdStart } from './function-process.ts';
import type { Work } from './measure.ts';
import type { Results } from './results.ts';
import { type Figure, figure, ratio } from './statistics.ts';

/** A limit that a figure of webhook-inbox should not exceed. */
export interface Target {
  /** Name of the figure, which is a ratio or a number. */
  readonly name: string;
  readonly atMost: number;
  readonly measured: Figure;
}

/** Milliseconds of each cold start, from the import of the code to the first response. */
export function coldTotals({ cold }: Results, name: ContestantName): number[] {
  return coldValues(cold, name, ({ importMs, firstEventMs }) => importMs + firstEventMs);
}

/** One figure per cold start. */
export function coldValues(cold: Results['cold'], name: ContestantName, of: (start: ColdStart) => number): number[] {
  return (cold.get(name) ?? []).map(of);
}

/** CPU time in microseconds per event, with one value per round. */
export function cpuMicros({ warm }: Results, name: ContestantName, work: Work): readonly number[] {
  return warm.work.get(name)?.[work].cpuMicros ?? [];
}

/** Every target, with the figure of this run. */
export function targets(results: Results): Target[] {
  const cold = (other: ContestantName) => ratio(coldTotals(results, 'inbox'), coldTotals(results, other));
  const stored = (other: ContestantName) =>
    ratio(cpuMicros(results, 'inbox', 'stored'), cpuMicros(results, other, 'stored'));
  const github = results.payloads[0];
  const requests = results.usage.get('inbox')?.stored.requests.length ?? Number.NaN;
  return [
    { name: 'cold start, relative to the bare fetch', atMost: 1.25, measured: cold('floor') },
    { name: 'cold start, relative to Powertools', atMost: 0.6, measured: cold('powertools') },
    { name: 'CPU of a stored event, relative to the bare fetch', atMost: 1.15, measured: stored('floor') },
    { name: 'CPU of a stored event, relative to Powertools', atMost: 0.5, measured: stored('powertools') },
    {
      name: 'CPU of a refused forgery, relative to one bare HMAC and a response in JSON',
      atMost: 3,
      measured: ratio(cpuMicros(results, 'inbox', 'forgery'), results.warm.bareHmacMicros),
    },
    {
      name: `write units of a ${github?.payload}, relative to the uncompressed payload`,
      atMost: 0.35,
      measured: figure([(github?.writeUnits ?? Number.NaN) / (github?.plainWriteUnits ?? Number.NaN)]),
    },
    { name: 'requests to DynamoDB for a stored event', atMost: 1, measured: figure([requests]) },
  ];
}

/** Mean duration of the requests to Secrets Manager in a cold start of webhook-inbox, in milliseconds. */
export const secretWait = ({ cold }: Results) => mean(coldValues(cold, 'inbox', ({ secretMs }) => secretMs));

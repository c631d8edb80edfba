import { linearRegression, median } from 'simple-statistics';

/** What a process held at the end of an interval, and how it answered during it. */
export interface Interval {
  /** After a garbage collection. */
  readonly heapBytes: number;
  readonly residentBytes: number;
  /** Sockets, timers and the like that are open. */
  readonly handles: number;
  /** Milliseconds. */
  readonly p50: number;
  /** Milliseconds. */
  readonly p99: number;
  readonly answers: number;
  /** What was answered otherwise than it should be, in words; a failed request too. */
  readonly wrong: readonly string[];
}

/** How much a figure may rise from the first third of a run to the last, as a part of the first. */
const TOLERANCE = { heapBytes: 0.1, residentBytes: 0.25, handles: 0.25 } as const;

const TITLES = { heapBytes: 'heap', residentBytes: 'resident memory', handles: 'open handles' } as const;

/** How many intervals a verdict needs at least. */
export const MIN_INTERVALS = 9;

/** What is wrong with a run, in words; nothing where it is well. */
export function faultsIn(intervals: readonly Interval[]): string[] {
  const keys = Object.keys(TOLERANCE) as (keyof typeof TOLERANCE)[];
  const growing = keys.filter((key) => {
    return isGrowing(
      intervals.map((interval) => interval[key]),
      TOLERANCE[key],
    );
  });
  const wrong = intervals.flatMap((interval) => interval.wrong);
  return [
    ...growing.map((key) => `${TITLES[key]} is growing`),
    ...(wrong.length > 0 ? [`${wrong.length} wrong answers, the first: ${wrong[0]}`] : []),
  ];
}

/**
 * Whether a figure rises through a run: its last third is above the first, and rises still. What rises once and then
 * stays has only warmed up.
 */
function isGrowing(values: readonly number[], tolerance: number): boolean {
  const third = Math.floor(values.length / 3);
  const [first, last] = [values.slice(0, third), values.slice(-third)];
  const allowed = median([...first]) * tolerance;
  const { m: slope } = linearRegression(last.map((value, index) => [index, value]));
  return median([...last]) - median([...first]) > allowed && slope * third > allowed / 3;
}

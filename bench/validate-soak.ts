import { linearRegression, median } from 'simple-statistics';

/** Measurements of one interval of a soak. */
export interface Interval {
  /** Heap in use at the end of the interval, after a garbage collection. */
  readonly heapBytes: number;
  /** Resident memory at the end of the interval. */
  readonly residentBytes: number;
  /** Open sockets, timers and the like at the end of the interval. */
  readonly handles: number;
  /** Median latency in milliseconds. */
  readonly p50: number;
  /** 99th percentile of the latency in milliseconds. */
  readonly p99: number;
  /** Number of requests. */
  readonly requests: number;
  /** A sentence per unexpected response or failed request. */
  readonly errors: readonly string[];
}

/** Allowed rise of a figure from the first third of a soak to the last, as a share of the first. */
const TOLERANCE = { heapBytes: 0.1, residentBytes: 0.25, handles: 0.25 } as const;

const TITLES = { heapBytes: 'heap', residentBytes: 'resident memory', handles: 'open handles' } as const;

/** The least number of intervals that {@link validateSoak} needs. */
export const MIN_INTERVALS = 9;

/** Validates a soak. @returns a phrase per problem; empty if there is none */
export function validateSoak(intervals: readonly Interval[]): string[] {
  const keys = Object.keys(TOLERANCE) as (keyof typeof TOLERANCE)[];
  const growing = keys.filter((key) => {
    return isGrowing(
      intervals.map((interval) => interval[key]),
      TOLERANCE[key],
    );
  });
  const errors = intervals.flatMap((interval) => interval.errors);
  return [
    ...growing.map((key) => `growth of ${TITLES[key]}`),
    ...(errors.length > 0 ? [`${errors.length} unexpected responses, the first: ${errors[0]}`] : []),
  ];
}

/**
 * Whether a figure grows throughout a soak: its last third is above its first third, and still rises. A figure that rises
 * once and then stays constant has only warmed up.
 */
function isGrowing(values: readonly number[], tolerance: number): boolean {
  const third = Math.floor(values.length / 3);
  const [first, last] = [values.slice(0, third), values.slice(-third)];
  const allowed = median([...first]) * tolerance;
  const { m: slope } = linearRegression(last.map((value, index) => [index, value]));
  return median([...last]) - median([...first]) > allowed && slope * third > allowed / 3;
}

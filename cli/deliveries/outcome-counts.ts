import type { Delivery, DeliveryLog } from './delivery-log.ts';
import { OUTCOMES } from './delivery-of-line.ts';
import type { ReadOptions } from './delivery-page.ts';

/** Which deliveries are counted: those to a source, as `status` counts them. */
export interface CountedWindow {
  /** Epoch milliseconds; the first time. */
  readonly from: number;
  /** Epoch milliseconds; the time after the last. */
  readonly to: number;
  /** The length of a step, in milliseconds. Steps begin at multiples of it. */
  readonly stepMs: number;
  /** @default - all sources */
  readonly source?: string | undefined;
}

/** How many deliveries had an outcome within a step. */
export interface StepCount {
  /** The beginning of the step, in epoch milliseconds. */
  readonly time: number;
  readonly outcome: Delivery['outcome'];
  readonly count: number;
}

/** Counts deliveries by step and outcome. Steps without any are left out, and a step may come in several parts. */
export type CountOutcomes = (window: CountedWindow, options: ReadOptions) => Promise<readonly StepCount[]>;

/** The counts of an outcome over time. */
export interface OutcomeSeries {
  readonly outcome: Delivery['outcome'];
  /** By step, the oldest first. */
  readonly counts: readonly number[];
}

/** Counts what a log lists. */
export function countListed({ list }: DeliveryLog): CountOutcomes {
  return async ({ source: only, stepMs, ...window }, { signal }) => {
    const counts: StepCount[] = [];
    for await (const { source, time, outcome } of list({ ...window, sources: only ? [only] : undefined }, signal)) {
      if (source !== undefined) counts.push({ time: startOfStep(time, stepMs), outcome, count: 1 });
    }
    return counts;
  };
}

/** The counts of each outcome that occurs, in the order of {@link OUTCOMES}, with a number for every step. */
export function seriesOf(counts: readonly StepCount[], { from, to, stepMs }: CountedWindow): readonly OutcomeSeries[] {
  const first = startOfStep(from, stepMs);
  const steps = Math.ceil((to - first) / stepMs);
  return OUTCOMES.flatMap((outcome) => {
    const own = counts.filter((each) => each.outcome === outcome);
    if (own.length === 0) return [];
    const sums = Array<number>(steps).fill(0);
    for (const { time, count } of own) {
      const step = (time - first) / stepMs;
      sums[step] = (sums[step] ?? 0) + count;
    }
    return [{ outcome, counts: sums }];
  });
}

/** The beginning of the step that a time is in, in epoch milliseconds. */
export const startOfStep = (time: number, stepMs: number) => Math.floor(time / stepMs) * stepMs;

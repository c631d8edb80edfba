import { interquartileRange, median } from 'simple-statistics';

/** Median and spread of a figure over the rounds of a run. */
export interface Figure {
  readonly median: number;
  /** Interquartile range. */
  readonly spread: number;
}

/** Median and spread of values. @param values one per round */
export function figure(values: readonly number[]): Figure {
  return { median: median([...values]), spread: interquartileRange([...values]) };
}

/**
 * Ratio of two figures, computed per round, because both were measured under the same load of the machine.
 */
export function ratio(own: readonly number[], other: readonly number[]): Figure {
  return figure(own.map((value, round) => value / (other[round] ?? Number.NaN)));
}

/** The items in a different order each round, so that no item always follows the same one. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const start = round % items.length;
  const turned = [...items.slice(start), ...items.slice(0, start)];
  return Math.floor(round / items.length) % 2 === 0 ? turned : turned.reverse();
}

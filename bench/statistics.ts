import { interquartileRange, median } from 'simple-statistics';

/** What a figure came to over the rounds of a run. */
export interface Figure {
  readonly median: number;
  /** Between the first and the third quartile. */
  readonly spread: number;
}

/** @param values one a round */
export function figure(values: readonly number[]): Figure {
  return { median: median([...values]), spread: interquartileRange([...values]) };
}

/**
 * How many times another's figure one's own is. Rounds are compared one by one, since the machine was equally busy in
 * each.
 */
export function ratio(own: readonly number[], other: readonly number[]): Figure {
  return figure(own.map((value, round) => value / (other[round] ?? Number.NaN)));
}

/** The items in another order each round, so that no one always comes after the same one. */
export function rotated<T>(items: readonly T[], round: number): T[] {
  const start = round % items.length;
  const turned = [...items.slice(start), ...items.slice(0, start)];
  return Math.floor(round / items.length) % 2 === 0 ? turned : turned.reverse();
}

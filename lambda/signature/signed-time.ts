import type { InvalidVerdict } from './scheme.ts';

/** How a provider writes the time that it signs. */
export interface TimeFormat {
  /** Epoch milliseconds, or undefined if the text is not in the format. */
  readonly parse: (text: string) => number | undefined;
  /** @param time epoch milliseconds */
  readonly format: (time: number) => string;
}

/**
 * Whole epoch seconds. There is one way to write a time: with a zero before it, it could take that zero from what is signed
 * before it.
 */
export const seconds: TimeFormat = {
  parse: (text) => (/^(?:0|[1-9]\d{0,10})$/.test(text) ? Number(text) * 1000 : undefined),
  format: (time) => String(Math.floor(time / 1000)),
};

/** Whole epoch milliseconds, without a zero before them. */
export const milliseconds: TimeFormat = {
  parse: (text) => (/^(?:0|[1-9]\d{0,13})$/.test(text) ? Number(text) : undefined),
  format: (time) => String(time),
};

/** ISO 8601 in UTC, such as `2026-04-17T17:18:10Z`, with or without fractions of a second. */
export const iso8601: TimeFormat = {
  parse: (text) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) ? valid(Date.parse(text)) : undefined),
  format: (time) => `${new Date(time).toISOString().slice(0, 19)}Z`,
};

/** ISO 8601 with any offset from UTC, such as `2026-04-17T17:18:10-07:00`. */
export const iso8601WithOffset: TimeFormat = {
  ...iso8601,
  parse: (text) =>
    /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/.test(text) ? valid(Date.parse(text)) : undefined,
};

const valid = (time: number) => (Number.isNaN(time) ? undefined : time);

/** A transmission time that the signature covers. */
export interface SignedTime {
  /** How the time is written. */
  readonly format: TimeFormat;
  /** How far from now the time may be, in seconds: into the past, and at most 300 of them into the future. */
  readonly toleranceSeconds: number;
}

/** The clocks of two machines differ by less. With more, a captured request would be usable for longer than intended. */
const MAX_FUTURE_SECONDS = 300;

/**
 * What is wrong with a signed time; undefined if it is within the tolerance.
 * @param now epoch milliseconds
 */
export function validateTime(
  text: string,
  { format, toleranceSeconds }: SignedTime,
  now: number,
): InvalidVerdict | undefined {
  const time = format.parse(text);
  if (time === undefined) return 'malformed';
  return isTimely(time, toleranceSeconds, now) ? undefined : 'outside_tolerance';
}

/** Whether a time is within the tolerance. Both times are in epoch milliseconds. */
export function isTimely(time: number, toleranceSeconds: number, now: number): boolean {
  const ahead = Math.min(toleranceSeconds, MAX_FUTURE_SECONDS) * 1000;
  return time >= now - toleranceSeconds * 1000 && time <= now + ahead;
}

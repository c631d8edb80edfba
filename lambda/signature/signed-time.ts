/** How a provider writes the time that it signs. */
export interface TimeFormat {
  /** Epoch milliseconds, or undefined unless the text is in the format. */
  readonly parse: (text: string) => number | undefined;
  /** @param time epoch milliseconds */
  readonly format: (time: number) => string;
}

/** Whole epoch seconds. */
export const seconds: TimeFormat = {
  parse: (text) => (/^\d{1,11}$/.test(text) ? Number(text) * 1000 : undefined),
  format: (time) => String(Math.floor(time / 1000)),
};

/** Whole epoch milliseconds. */
export const milliseconds: TimeFormat = {
  parse: (text) => (/^\d{1,14}$/.test(text) ? Number(text) : undefined),
  format: (time) => String(time),
};

/** ISO 8601 in UTC, such as `2026-04-17T17:18:10Z`; fractions of a second may follow. */
export const iso8601: TimeFormat = {
  parse: (text) => (/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/.test(text) ? valid(Date.parse(text)) : undefined),
  format: (time) => `${new Date(time).toISOString().slice(0, 19)}Z`,
};

const valid = (time: number) => (Number.isNaN(time) ? undefined : time);

/** A signed time, and how far from now it may lie. */
export interface SignedTime {
  readonly format: TimeFormat;
  /** Into the past, in seconds; and into the future, 300 at most. */
  readonly toleranceSeconds: number;
}

/** Clocks differ by less; further ahead, a captured request could be used for longer than the tolerance says. */
const MAX_FUTURE_SECONDS = 300;

/** Whether a signed time passes. */
export function checkTime(text: string, { format, toleranceSeconds }: SignedTime, now: number) {
  const time = format.parse(text);
  if (time === undefined) return 'malformed';
  return isTimely(time, toleranceSeconds, now) ? undefined : 'outside_tolerance';
}

/** Whether a time (epoch milliseconds) lies within the tolerance. */
export function isTimely(time: number, toleranceSeconds: number, now: number): boolean {
  const ahead = Math.min(toleranceSeconds, MAX_FUTURE_SECONDS) * 1000;
  return time >= now - toleranceSeconds * 1000 && time <= now + ahead;
}

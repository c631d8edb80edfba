import * as v from 'valibot';
import type { HeaderValues } from '../signature/signed-request.ts';
import { onlyValue } from '../signature/signed-request.ts';

/**
 * A string of `min` to `max` characters (Unicode code points). Lone surrogates are refused: stored as UTF-8, two
 * different ones would become the same string.
 */
export const text = (min: number, max: number) => {
  const expected = `string of ${min} to ${max} characters`;
  return v.pipe(
    v.string(expected),
    v.check((value) => value.isWellFormed(), 'well-formed Unicode'),
    v.check((value) => value.length <= 2 * max && isBetween([...value].length, min, max), expected),
  );
};

const isBetween = (length: number, min: number, max: number) => length >= min && length <= max;

/** An event id, or the name of an event's type. */
export const name = () => text(1, 256);

/** A field that may be missing, or null: undefined in either case. */
export const maybe = <TSchema extends v.GenericSchema>(schema: TSchema) =>
  v.pipe(
    v.nullish(schema),
    v.transform((value) => value ?? undefined),
  );

/** What JavaScript dates hold at most, in milliseconds. */
const MAX_TIME = 8_640_000_000_000_000;

/** A point in time as whole epoch seconds, within what a JavaScript date can hold. */
export const epochSeconds = () =>
  v.pipe(v.number(), v.safeInteger('integer'), v.minValue(0), v.maxValue(MAX_TIME / 1000));

/** A point in time as whole epoch milliseconds. */
export const epochMilliseconds = () =>
  v.pipe(v.number(), v.safeInteger('integer'), v.minValue(0), v.maxValue(MAX_TIME));

/** A point in time in ISO 8601, with its offset from UTC. */
export const isoTime = () =>
  v.pipe(
    v.string(),
    v.check((value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/.test(value), 'ISO 8601 time'),
    v.check((value) => !Number.isNaN(Date.parse(value)), 'ISO 8601 time'),
  );

/** A whole number that neither JavaScript nor DynamoDB rounds. */
export const integer = () => v.pipe(v.number(), v.safeInteger('integer'));

/** A header's value, where it came once and could be an event id or a type. */
export function header(headers: HeaderValues, key: string): string | undefined {
  const value = onlyValue(headers, key);
  return value !== undefined && isBetween(value.length, 1, 256) ? value : undefined;
}

/** What is made on first use, and kept: a provider that no source uses costs a cold start nothing. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

import * as v from 'valibot';
import { isJsonObject } from '../signature/json-body.ts';

export { header } from './header.ts';

/**
 * A string of `min` to `max` characters (Unicode code points). Lone surrogates are rejected: in UTF-8, two different ones
 * become the same string.
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

/** An event id, an event type, or any other name of 1 to 256 characters. */
export const name = () => text(1, 256);

/** An id or another value that a provider sends as text or as a whole number. */
export const textOrInteger = () => v.union([integer(), name()], 'string or integer');

/** A field of any type, which may be missing. */
export const anything = () => v.optional(v.unknown());

/** A JSON object with these fields, and others. Valibot's own `object` also accepts an array. */
export const object = <TEntries extends v.ObjectEntries>(entries: TEntries) =>
  v.pipe(v.unknown(), v.check(isJsonObject, 'JSON object'), v.object(entries));

/** A field that may be missing or null. It is undefined in both cases. */
export const maybe = <TSchema extends v.GenericSchema>(schema: TSchema) =>
  v.pipe(
    v.nullish(schema),
    v.transform((value) => value ?? undefined),
  );

/** A field that is left out (undefined) if it does not match the schema, and so never makes an event invalid. */
export const ifValid = <TSchema extends v.GenericSchema>(schema: TSchema) => v.fallback(maybe(schema), undefined);

/** The value in the output of a schema; undefined if it does not match. For a value that also identifies the event. */
export function valueIfValid<TSchema extends v.GenericSchema>(schema: TSchema, value: unknown) {
  return v.parse(ifValid(schema), value);
}

/** The latest time that a JavaScript date can hold, in milliseconds. */
const MAX_TIME = 8_640_000_000_000_000;

/** A time in whole epoch seconds, within the range of JavaScript dates. The output is in epoch milliseconds. */
export const epochSeconds = () =>
  v.pipe(
    v.number(),
    v.safeInteger('integer'),
    v.minValue(0),
    v.maxValue(MAX_TIME / 1000),
    v.transform((seconds) => seconds * 1000),
  );

/** A time in whole epoch milliseconds, within the range of JavaScript dates. */
export const epochMilliseconds = () =>
  v.pipe(v.number(), v.safeInteger('integer'), v.minValue(0), v.maxValue(MAX_TIME));

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:?\d\d)$/;

/** A time in ISO 8601, with its offset from UTC. The output is the same text. */
export const isoText = () =>
  v.pipe(
    v.string(),
    v.check((value) => ISO_TIME.test(value) && !Number.isNaN(Date.parse(value)), 'ISO 8601 time'),
  );

/** A time in ISO 8601, with its offset from UTC. The output is in epoch milliseconds. */
export const isoTime = () => v.pipe(isoText(), v.transform(Date.parse));

/** A whole number that neither JavaScript nor DynamoDB rounds. */
export const integer = () => v.pipe(v.number(), v.safeInteger('integer'));

/** Makes a value on first use, and keeps it: a cold start does not pay for a provider that no source uses. */
export function lazily<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

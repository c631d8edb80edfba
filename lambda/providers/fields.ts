import * as v from 'valibot';

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

/** A point in time as whole epoch seconds, within what a JavaScript date can hold. */
export const epochSeconds = () =>
  v.pipe(v.number(), v.safeInteger('integer'), v.minValue(0), v.maxValue(8_640_000_000_000));

const isBetween = (length: number, min: number, max: number) => length >= min && length <= max;

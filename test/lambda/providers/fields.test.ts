import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import {
  anything,
  epochSeconds,
  ifValid,
  isoText,
  isoTime,
  maybe,
  object,
  textOrInteger,
  valueIfValid,
} from '../../../lambda/providers/fields.ts';

const NOW = Date.parse('2026-03-01T12:00:00.250Z');

describe('a time of an event', () => {
  it.each([
    ['whole seconds', epochSeconds(), 1_772_366_400, NOW - 250],
    ['the epoch', epochSeconds(), 0, 0],
    ['ISO 8601 in UTC', isoTime(), '2026-03-01T12:00:00.250Z', NOW],
    ['ISO 8601 with an offset', isoTime(), '2026-03-01T13:00:00.250+01:00', NOW],
    ['ISO 8601 with an offset without a colon', isoTime(), '2026-03-01T13:00:00.250+0100', NOW],
  ])('becomes epoch milliseconds: %s', (_, schema, value, time) => {
    expect(v.parse(schema, value)).toBe(time);
  });

  it.each([
    ['seconds with a fraction', epochSeconds(), 1.5],
    ['negative seconds', epochSeconds(), -1],
    ['seconds beyond the range of dates', epochSeconds(), 8_640_000_000_001],
    ['seconds as text', epochSeconds(), '1772366400'],
    ['ISO 8601 without an offset', isoTime(), '2026-03-01T12:00:00'],
    ['a month that does not exist', isoTime(), '2026-13-01T12:00:00Z'],
    ['a date', isoTime(), '2026-03-01'],
  ])('is invalid: %s', (_, schema, value) => {
    expect(v.is(schema, value)).toBe(false);
  });

  it('stays as it was sent if its text is needed', () => {
    expect(v.parse(isoText(), '2026-03-01T12:00:00.331902Z')).toBe('2026-03-01T12:00:00.331902Z');
  });
});

describe('a field that need not be there', () => {
  it.each([undefined, null])('is undefined when it is %s', (value) => {
    expect(v.parse(maybe(v.string()), value)).toBeUndefined();
    expect(v.parse(ifValid(v.string()), value)).toBeUndefined();
  });

  it('is left out, or makes the event invalid, if it has another type', () => {
    expect(v.parse(ifValid(v.string()), 7)).toBeUndefined();
    expect(v.is(maybe(v.string()), 7)).toBe(false);
  });
});

describe('a body', () => {
  it('is a JSON object, with the fields that are asked for', () => {
    expect(v.parse(object({ a: v.number(), b: anything() }), { a: 1, c: 2 })).toEqual({ a: 1 });
  });

  it.each([[[]], [null], ['x'], [7], [undefined]])('is not %j', (value) => {
    expect(v.safeParse(object({}), value).issues?.map(({ message }) => message)).toEqual(['JSON object']);
  });
});

it.each([
  ['x', 'x'],
  [7, 7],
  [1.5, undefined],
  ['', undefined],
  ['a'.repeat(257), undefined],
  [null, undefined],
  [[], undefined],
])('an id that is text or a whole number: %j becomes %j', (value, id) => {
  expect(valueIfValid(textOrInteger(), value)).toBe(id);
});

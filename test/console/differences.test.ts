import { describe, expect, test } from '@jest/globals';
import { differencesBetween, valueAt } from '../../console/differences.ts';
import { parsePayload } from '../../console/exact-json.ts';

describe('differences', () => {
  test('lists each path at which two payloads differ, whatever the order of their keys', () => {
    const stored = '{"id":1,"data":{"a":[1,2],"b":"x"},"gone":null}';
    const received = '{"data":{"b":"y","a":[1,3]},"id":1,"added":{}}';

    expect(differencesBetween(stored, received)?.toSorted((one, other) => (one.path < other.path ? -1 : 1))).toEqual([
      { path: 'added', stored: undefined, received: '{…}' },
      { path: 'data.a.1', stored: '2', received: '3' },
      { path: 'data.b', stored: '"x"', received: '"y"' },
      { path: 'gone', stored: 'null', received: undefined },
    ]);
  });

  test('compares numbers by their digits', () => {
    expect(differencesBetween('{"n":12345678901234567890}', '{"n":12345678901234567891}')).toEqual([
      { path: 'n', stored: '12345678901234567890', received: '12345678901234567891' },
    ]);
  });

  test('has no result for what is neither JSON nor a form, and for what is nested too deeply', () => {
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;

    expect(differencesBetween(deep, deep)).toBeUndefined();
    expect(differencesBetween('{}', 'plain text')).toBeUndefined();
  });
});

test('finds the value at the path of an issue', () => {
  const payload = '{"items":[{"id":7,"__proto__":{"x":1}}]}';

  expect(valueAt(payload, 'items.0.id')).toBe('7');
  expect(valueAt(payload, 'items.0.toString')).toBeUndefined();
  expect(valueAt(payload, 'items.1.id')).toBeUndefined();
});

test('reads the fields of a form, and JSON in them', () => {
  expect(parsePayload('a=1&a=2&payload=%7B%22type%22%3A%22x%22%7D')).toEqual({
    value: { a: ['1', '2'], payload: { type: 'x' } },
  });
});

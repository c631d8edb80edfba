import { describe, expect, it } from '@jest/globals';
import { readPointer, valueAt, withValueAt } from '../../../lambda/signature/json-pointer.ts';

/** The example of RFC 6901, section 5. */
const DOCUMENT = { foo: ['bar', 'baz'], '': 0, 'a/b': 1, 'c%d': 2, 'm~n': 8, ' ': 7 };

const at = (pointer: string, value: unknown = DOCUMENT) => valueAt(value, readPointer(pointer) ?? ['no pointer']);

describe('A JSON pointer', () => {
  it.each([
    ['', DOCUMENT],
    ['/foo', ['bar', 'baz']],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/m~0n', 8],
    ['/ ', 7],
    ['/foo/2', undefined],
    ['/foo/00', undefined],
    ['/foo/-1', undefined],
    ['/foo/length', undefined],
    ['/toString', undefined],
    ['/foo/0/0', undefined],
  ])('%j points to %j', (pointer, value) => {
    expect(at(pointer)).toEqual(value);
  });

  it.each(['foo', 'a/b', '/a~2', '/a~', '#/foo', '/__proto__', '/a/__proto__/b'])('is not %j', (text) => {
    expect(readPointer(text)).toBeUndefined();
  });

  it('points to nothing in what is no object', () => {
    for (const value of [null, 'text', 7, true, undefined]) expect(at('/length', value)).toBeUndefined();
  });
});

describe('A value at a path', () => {
  it('is replaced in a copy, with the objects on the way', () => {
    const original = { a: { b: 1 }, c: [1, 2] };
    expect(withValueAt(original, ['a', 'b'], 2)).toEqual({ a: { b: 2 }, c: [1, 2] });
    expect(withValueAt(original, ['a', 'x', 'y'], 2)).toEqual({ a: { b: 1, x: { y: 2 } }, c: [1, 2] });
    expect(withValueAt(original, ['c', '1'], 3)).toEqual({ a: { b: 1 }, c: [1, 3] });
    expect(original).toEqual({ a: { b: 1 }, c: [1, 2] });
  });

  it('is removed by undefined', () => {
    expect(Object.keys(withValueAt({ a: 1, b: 2 }, ['a'], undefined) as object)).toEqual(['b']);
  });
});

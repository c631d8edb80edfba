import { describe, expect, it } from '@jest/globals';
import { joinedId, withNumbersAsText } from '../../../lambda/providers/event-id.ts';

const HASH = /^[0-9a-f]{64}$/;

describe('an event id from several values', () => {
  it('is readable if they are short texts and numbers, or missing', () => {
    expect(joinedId(['a', 7, undefined, null, ''])).toBe('a:7:::');
    expect(joinedId(['a', 7], '-')).toBe('a-7');
  });

  it.each([
    [[{}]],
    [['a', ['b']]],
    [['a', true]],
    [['a'.repeat(513)]],
    [['é'.repeat(257)]],
    [['\ud800']],
    [[]],
    [['']],
  ])('is a hash otherwise: %j', (parts) => {
    expect(joinedId(parts)).toMatch(HASH);
  });

  it('of 512 bytes is readable', () => {
    expect(joinedId(['é'.repeat(256)])).toBe('é'.repeat(256));
  });

  it('differs if a value differs, in its type alone too', () => {
    const values = [true, 'true', ['a'], 'a', { a: 1 }, { a: 2 }, '\ud800', '\ud801', 'a'.repeat(600), 'b'.repeat(600)];
    expect(new Set(values.map((value) => joinedId([value]))).size).toBe(values.length);
  });
});

describe('a body with the text of its numbers', () => {
  it('has each number as it was sent', () => {
    const body = Buffer.from('{"a":12345678901234567,"b":[1e400,12.10],"c":{"d":-0},"e":"7","f":null}');
    expect(withNumbersAsText(body)).toEqual({
      a: '12345678901234567',
      b: ['1e400', '12.10'],
      c: { d: '-0' },
      e: '7',
      f: null,
    });
  });

  it.each(['[1]', '7', '"x"', 'null'])('is empty if the body is %s', (body) => {
    expect(withNumbersAsText(Buffer.from(body))).toEqual({});
  });
});

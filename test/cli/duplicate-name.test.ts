import { describe, expect, it } from '@jest/globals';
import { duplicateName } from '../../cli/duplicate-name.ts';

describe('A name that an object has twice', () => {
  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"x":[{"b" : {"a":1},"c":{"a":1}, "b":2}]}', 'b'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{"__proto__":1,"__proto__":2}', '__proto__'],
  ])('is found in %s', (json, name) => expect(duplicateName(json)).toBe(name));

  it.each(['{"a":{"a":1},"b":[{"a":1},{"a":2}]}', '{"a":"b","b":"a:"}', '{"a":"\\"a\\":{","b":1}', '[]', '1'])(
    'is not found in %s',
    (json) => expect(duplicateName(json)).toBeUndefined(),
  );
});

import { describe, expect, it } from '@jest/globals';
import { type JsonSchema, schemaIssues } from '../../../../lambda/providers/custom/json-schema.ts';

const expected = (schema: JsonSchema, value: unknown) => schemaIssues(schema, value).map((issue) => issue.expected);

describe('The subset of JSON Schema', () => {
  it.each([
    [{ type: 'string' }, 'a', 7, 'string'],
    [{ type: 'integer' }, 7, 7.5, 'integer'],
    [{ type: 'number' }, 7.5, '7', 'number'],
    [{ type: 'boolean' }, false, 0, 'boolean'],
    [{ type: 'null' }, null, 0, 'null'],
    [{ type: 'array' }, [], {}, 'array'],
    [{ type: 'object' }, {}, [], 'object'],
    [{ type: ['string', 'null'] }, null, 7, 'string or null'],
    [{ enum: ['a', 7] }, 7, 'b', 'one of ["a",7]'],
    [{ const: true }, true, 1, 'one of [true]'],
    [{ minLength: 2 }, '🎉🎉', '🎉', 'at least 2 characters'],
    [{ maxLength: 2 }, '🎉🎉', 'abc', 'at most 2 characters'],
    [{ minimum: 0 }, 0, -1, 'at least 0'],
    [{ maximum: 5 }, 5, 5.1, 'at most 5'],
    [{ minItems: 1 }, [1], [], 'at least 1 items'],
    [{ maxItems: 1 }, [1], [1, 2], 'at most 1 items'],
    [{ required: ['a'] }, { a: 1 }, {}, 'a value'],
    [{ properties: { a: {} }, additionalProperties: false }, { a: 1 }, { b: 1 }, 'no fields but a'],
  ] as readonly (readonly [JsonSchema, unknown, unknown, string])[])(
    '%j allows %j, and not %j',
    (schema, good, bad, message) => {
      expect(expected(schema, good)).toEqual([]);
      expect(expected(schema, bad)).toEqual([message]);
    },
  );

  it('names the path of what is wrong, in lists and objects', () => {
    const schema: JsonSchema = { properties: { lines: { items: { properties: { sum: { type: 'integer' } } } } } };
    expect(schemaIssues(schema, { lines: [{ sum: 1 }, { sum: 'a' }] })).toEqual([
      { path: 'lines.1.sum', expected: 'integer' },
    ]);
  });

  it('reads nothing from a prototype', () => {
    expect(expected({ required: ['toString'] }, {})).toEqual(['a value']);
    expect(expected(JSON.parse('{"properties":{"toString":{"type":"string"}}}'), {})).toEqual([]);
  });

  it('lists at most 20 issues', () => {
    expect(expected({ items: { type: 'string' } }, Array(1_000).fill(7))).toHaveLength(20);
  });
});

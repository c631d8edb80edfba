import * as v from 'valibot';
import type { JsonSchema } from './json-schema.ts';
import { format, has, headerOrPointer, pointer } from './schema-places.ts';
import { fields, flag, integer, listOf, namedBy, oneOf, text, withoutUnread } from './schema-values.ts';

const eventValue = () => headerOrPointer({});

function eventIdentity() {
  const value = eventValue();
  const values = listOf(eventValue(), 1, 8);
  const hash = fields({ hash: v.literal('body', 'must be "body".') });
  return v.lazy((input) => {
    if (has(input, 'hash')) return hash;
    return Array.isArray(input) ? values : value;
  });
}

function eventType() {
  const value = eventValue();
  const values = listOf(eventValue(), 1, 8);
  return v.lazy((input) => (Array.isArray(input) ? values : value));
}

const mediaType = () =>
  v.pipe(
    text(3, 100, 'application/json'),
    v.regex(
      /^[a-z0-9][a-z0-9!#$&^_.+-]*\/[a-z0-9][a-z0-9!#$&^_.+-]*$/,
      'must be a media type in lower case without parameters, such as "application/json".',
    ),
    v.check(
      (value) => !/xml$|^multipart\//.test(value),
      'cannot be read: a body is JSON or a form, such as "application/json" or "application/x-www-form-urlencoded".',
    ),
  );

const scalar = () =>
  v.union([v.string(), v.number(), v.boolean(), v.null()], 'must be text, a number, true, false or null.');

const JSON_TYPES = ['object', 'array', 'string', 'number', 'integer', 'boolean', 'null'] as const;

/** Refused by name, because their time or their meaning is not bounded by the value alone. */
const REFUSED: Readonly<Record<string, string>> = {
  pattern: 'a pattern may take more than linear time; use "enum", "const" or a length.',
  patternProperties: 'a pattern may take more than linear time; name the fields in "properties".',
  $ref: 'references are not followed; write the schema in its place.',
};

function jsonSchema(): v.GenericSchema<unknown, JsonSchema> {
  const number = () => v.optional(v.number('must be a number.'));
  const count = () => v.optional(integer(0, 10_000_000));
  const type = oneOf(JSON_TYPES, 'a JSON type');
  const types = listOf(oneOf(JSON_TYPES, 'a JSON type'), 1, 7);
  const nested = (): v.GenericSchema<unknown, JsonSchema> => v.lazy(() => schema);
  const schema = v.pipe(
    v.unknown(),
    v.rawCheck(({ dataset, addIssue }) => {
      const input = dataset.value;
      for (const [name, message] of Object.entries(REFUSED)) {
        if (has(input, name)) addIssue({ message: `"${name}" is not supported: ${message}` });
      }
    }),
    fields({
      type: v.optional(v.lazy((input) => (Array.isArray(input) ? types : type))),
      enum: v.optional(listOf(scalar(), 1, 200)),
      const: v.optional(scalar()),
      minLength: count(),
      maxLength: count(),
      minimum: number(),
      maximum: number(),
      items: v.optional(nested()),
      minItems: count(),
      maxItems: count(),
      properties: v.optional(
        v.pipe(v.unknown(), withoutUnread(), v.record(v.string(), nested(), 'must be an object.')),
      ),
      required: v.optional(listOf(text(1, 256, 'id'), 0, 100)),
      additionalProperties: v.optional(flag()),
    }),
  );
  return schema;
}

/** How events are read. */
export const eventSchema = () =>
  fields({
    id: eventIdentity(),
    type: v.optional(eventType()),
    time: v.optional(headerOrPointer({ format: format() })),
    batch: v.optional(pointer()),
    contentTypes: v.optional(listOf(mediaType(), 1, 10)),
    formField: v.optional(text(1, 100, 'payload')),
    immutable: v.optional(flag()),
    data: v.optional(
      namedBy(headerOrPointer({ type: v.optional(oneOf(['string', 'integer', 'number', 'boolean'], 'a type')) }), 32),
    ),
    schema: v.optional(jsonSchema()),
  });

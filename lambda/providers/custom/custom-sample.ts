import { readPointer, valueAt, withValueAt } from '../../signature/json-pointer.ts';
import { readTemplate } from '../../signature/signed-template.ts';
import type { Sample } from '../provider.ts';
import type { CustomDefinition, CustomEvent, EventValue, TimeFormatName } from './custom-definition.ts';
import { FORM_TYPE, placesOf } from './definition-facts.ts';
import type { JsonSchema } from './json-schema.ts';

/** An id for each day. The digits of its first part are other ones for a new event. */
const ID = '{{id:evt1000000}}{{today:seconds}}';

/** A request with the values that a definition names, before it is signed. */
export function customSample(definition: CustomDefinition): Sample {
  const { event } = definition;
  const [contentType = 'application/json'] = event.contentTypes ?? [];
  const json = bodyOf(definition);
  return {
    headers: { ...headersOf(definition), 'content-type': contentType },
    body: contentType === FORM_TYPE ? formOf(json, event.formField) : unquoted(JSON.stringify(json)),
  };
}

function headersOf(definition: CustomDefinition): Record<string, string> {
  const { signature, event } = definition;
  const ofEvent = placesOf(event).flatMap(([path, place]) =>
    'header' in place ? [[place.header, exampleAt(path, definition)] as const] : [],
  );
  const signed = 'content' in signature ? readTemplate(signature.content ?? '') : [];
  const ofTemplate = 'unknown' in signed ? [] : signed.flatMap((part) => (part.kind === 'header' ? [part.name] : []));
  const ofId =
    'id' in signature && signature.id && 'header' in signature.id ? [[signature.id.header, ID] as const] : [];
  const entries = [...ofTemplate.map((name) => [name, 'example'] as const), ...ofEvent, ...ofId];
  return Object.fromEntries(entries.map(([name, value]) => [name.toLowerCase(), String(value)]));
}

function bodyOf(definition: CustomDefinition): unknown {
  const { signature, event } = definition;
  const one = placesOf(event).reduce(
    (body, [path, place]) => withExample(body, place, exampleAt(path, definition)),
    withoutIds(exampleOf(event.schema ?? { type: 'object' }), event),
  );
  const batch = event.batch === undefined ? withField(one, event) : withBatch(withField(one, event), event.batch);
  const time = 'timestamp' in signature ? signature.timestamp : undefined;
  if (!time || !('pointer' in time)) return batch;
  return withExample(batch, time, `{{now:${time.format ?? 'seconds'}}}`);
}

const withBatch = (one: unknown, batch: string) => withValueAt({}, readPointer(batch) ?? [], [one]);

/** A field that differs for a new event, if the body alone identifies it or would be empty, and the schema allows it. */
function withField(body: unknown, { id, schema = {} }: CustomEvent): unknown {
  const fields = Object(body) as object;
  const isFree = schema.additionalProperties !== false && !Array.isArray(body) && !('example' in fields);
  const isNeeded = 'hash' in id || Object.keys(fields).length === 0;
  return isFree && isNeeded ? { ...fields, example: ID } : body;
}

/** The length of {@link ID} once its placeholders are replaced. */
const ID_LENGTH = 20;

/** Leaves out those examples of the schema in whose place {@link ID} matches it too, and differs for a new event. */
function withoutIds(body: unknown, { id, schema = {} }: CustomEvent): unknown {
  const paths =
    'hash' in id ? [] : [id].flat().map((place) => ('pointer' in place ? readPointer(place.pointer) : undefined));
  return paths.reduce((rest: unknown, path) => {
    return path && mayBeId(path.reduce(schemaIn, schema)) ? withValueAt(rest, path, undefined) : rest;
  }, body);
}

const schemaIn = ({ properties = {}, items = {} }: JsonSchema, key: string): JsonSchema => properties[key] ?? items;

function mayBeId({ type, const: only, enum: values, minLength = 0, maxLength = ID_LENGTH }: JsonSchema): boolean {
  const isFree = only === undefined && values === undefined;
  return isFree && [type].flat().includes('string') && minLength <= ID_LENGTH && maxLength >= ID_LENGTH;
}

/** The body with a value, unless an example of the schema is there. */
function withExample(body: unknown, place: EventValue, value: unknown): unknown {
  const path = 'pointer' in place ? (readPointer(place.pointer) ?? []) : [];
  return path.length === 0 || valueAt(body, path) !== undefined ? body : withValueAt(body, path, value);
}

const DATA = { string: 'example', integer: 1, number: 1.5, boolean: true } as const;

/** @param path of the place in the definition, such as `event.time` */
function exampleAt(path: string, { event }: CustomDefinition): unknown {
  if (path.startsWith('event.id')) return ID;
  if (path === 'event.time') return timeIn(event.time?.format ?? 'iso');
  const name = path.startsWith('event.data.') ? path.slice('event.data.'.length) : undefined;
  return name === undefined ? 'example' : DATA[event.data?.[name]?.type ?? 'string'];
}

const timeIn = (format: TimeFormatName) => `{{today:${format}}}`;

/** How many values an example may have: lists in lists may ask for any number of them. */
const MAX_VALUES = 1_000;

/** The longest text of an example, in characters. */
const MAX_TEXT = 1_000;

/** What is left of `MAX_VALUES`. */
interface Budget {
  values: number;
}

/** A value that matches a schema, as far as its fields say, and as far as an example has room for it. */
function exampleOf({ type, ...schema }: JsonSchema, budget: Budget = { values: MAX_VALUES }): unknown {
  const { const: only, enum: [first] = [], properties = {}, items = {} } = schema;
  budget.values -= 1;
  if (only !== undefined || first !== undefined) return only ?? first;
  const [kind = schema.items ? 'array' : 'object'] = [type ?? []].flat();
  if (kind === 'array') return exampleItems(items, schema.minItems ?? 1, budget);
  if (kind === 'object') {
    return Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, exampleOf(each, budget)]));
  }
  return exampleScalar(kind, schema);
}

function exampleItems(schema: JsonSchema, count: number, budget: Budget): readonly unknown[] {
  const items: unknown[] = [];
  while (items.length < count && budget.values > 0) items.push(exampleOf(schema, budget));
  return items;
}

function exampleScalar(kind: string, { minLength = 0, maxLength = 7, minimum = 1 }: JsonSchema): unknown {
  if (kind === 'string')
    return 'example'.padEnd(Math.min(minLength, MAX_TEXT), '.').slice(0, Math.max(maxLength, minLength));
  if (kind === 'null') return null;
  return kind === 'boolean' ? true : Math.ceil(minimum);
}

/** A time as a number is a number once its placeholder is replaced. */
const unquoted = (json: string) => json.replace(/"(\{\{(?:now|today):(?:seconds|milliseconds)\}\})"/g, '$1');

/** A form with the JSON in a field, or with the fields of the JSON. Its placeholders are not encoded. */
function formOf(json: unknown, formField: string | undefined): string {
  const fields =
    formField === undefined ? Object.entries(json as object) : [[formField, unquoted(JSON.stringify(json))]];
  const form = new URLSearchParams(Object.fromEntries(fields.map(([name, value]) => [name, String(value)]))).toString();
  return form.replace(/%7B%7B(.*?)%7D%7D/g, (_, placeholder) => `{{${decodeURIComponent(placeholder)}}}`);
}

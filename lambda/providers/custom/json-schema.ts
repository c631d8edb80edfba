import { isJsonObject } from '../../signature/json-body.ts';
import type { Issue } from '../provider.ts';

/** The types of JSON values. */
export type JsonType = 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';

/**
 * A subset of JSON Schema whose checks take time linear in the value: no patterns, no references, no combinations.
 * @see https://json-schema.org/draft/2020-12/json-schema-validation
 */
export interface JsonSchema {
  /** @default - any type */
  readonly type?: JsonType | readonly JsonType[];
  /** The values that are allowed: text, numbers, booleans and null. @default - any */
  readonly enum?: readonly JsonScalar[];
  /** The only value that is allowed. @default - any */
  readonly const?: JsonScalar;
  /** Fewest characters (Unicode code points) of text. @default 0 */
  readonly minLength?: number;
  /** Most characters (Unicode code points) of text. @default - any number */
  readonly maxLength?: number;
  /** Least number. @default - any */
  readonly minimum?: number;
  /** Greatest number. @default - any */
  readonly maximum?: number;
  /** The schema of the items of a list. @default - anything */
  readonly items?: JsonSchema;
  /** Fewest items of a list. @default 0 */
  readonly minItems?: number;
  /** Most items of a list. @default - any number */
  readonly maxItems?: number;
  /** The schemas of an object's fields. @default - anything */
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  /** The fields that an object must have. @default - none */
  readonly required?: readonly string[];
  /** Whether an object may have other fields than `properties`. @default true */
  readonly additionalProperties?: boolean;
}

type JsonScalar = string | number | boolean | null;

/** More than a response or an item of the quarantine shows. */
const MAX_ISSUES = 20;

/** What is wrong with a value: at most 20 issues, with their paths. No message quotes the value. */
export function schemaIssues(schema: JsonSchema, value: unknown): readonly Issue[] {
  const issues: Issue[] = [];
  check(schema, value, '', issues);
  return issues.slice(0, MAX_ISSUES);
}

const within = (path: string, key: string | number) => (path === '' ? `${key}` : `${path}.${key}`);

function check(schema: JsonSchema, value: unknown, path: string, issues: Issue[]): void {
  if (issues.length >= MAX_ISSUES) return;
  const expected = expectedOf(schema, value);
  if (expected !== undefined) issues.push({ path, expected });
  else if (Array.isArray(value)) checkItems(schema, value, path, issues);
  else if (isJsonObject(value)) checkFields(schema, value, path, issues);
}

function checkItems({ items }: JsonSchema, list: readonly unknown[], path: string, issues: Issue[]): void {
  if (!items) return;
  for (const [index, each] of list.entries()) {
    if (issues.length >= MAX_ISSUES) return;
    check(items, each, within(path, index), issues);
  }
}

function checkFields(
  { properties = {}, required = [], additionalProperties = true }: JsonSchema,
  fields: Readonly<Record<string, unknown>>,
  path: string,
  issues: Issue[],
): void {
  for (const name of required) {
    if (!Object.hasOwn(fields, name)) issues.push({ path: within(path, name), expected: 'a value' });
  }
  for (const [name, schema] of Object.entries(properties)) {
    if (Object.hasOwn(fields, name)) check(schema, fields[name], within(path, name), issues);
  }
  // The name is the sender's, so it is not shown.
  const isOther = (name: string) => !Object.hasOwn(properties, name);
  if (!additionalProperties && Object.keys(fields).some(isOther)) {
    issues.push({ path, expected: `no fields but ${Object.keys(properties).join(', ')}` });
  }
}

/** What a value should be, without what is in it; undefined if it is that. */
function expectedOf(schema: JsonSchema, value: unknown): string | undefined {
  const types = [schema.type ?? []].flat();
  if (types.length > 0 && !types.some((type) => IS_OF_TYPE[type](value))) return types.join(' or ');
  const allowed = schema.const === undefined ? schema.enum : [schema.const];
  if (allowed && !allowed.some((each) => each === value)) return `one of ${JSON.stringify(allowed)}`;
  if (typeof value === 'string')
    return expectedRange('characters', lengthOf(value), schema.minLength, schema.maxLength);
  if (typeof value === 'number') return expectedRange('', value, schema.minimum, schema.maximum);
  return Array.isArray(value) ? expectedRange('items', value.length, schema.minItems, schema.maxItems) : undefined;
}

/** Code points, counted without a list of them. */
function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function expectedRange(unit: string, value: number, least?: number, most?: number): string | undefined {
  if (least !== undefined && value < least) return `at least ${least} ${unit}`.trim();
  return most !== undefined && value > most ? `at most ${most} ${unit}`.trim() : undefined;
}

const IS_OF_TYPE: Record<JsonType, (value: unknown) => boolean> = {
  object: isJsonObject,
  array: Array.isArray,
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  integer: Number.isInteger,
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
};

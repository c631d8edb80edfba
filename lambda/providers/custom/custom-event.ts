import { contentId } from '../../signature/content-id.ts';
import { type JsonPath, readPointer, valueAt, withValueAt } from '../../signature/json-pointer.ts';
import type { Validation } from '../build-provider.ts';
import { joinedId, jsonWithNumbersAsText } from '../event-id.ts';
import { header, isoTime, text, valueIfValid } from '../fields.ts';
import type { EventRequest, EventTime, ProviderEvent } from '../provider.ts';
import type { CustomDefinition, CustomEvent, DataValue, EventValue, TimeFormatName } from './custom-definition.ts';
import { isTimeSigned, placesOf } from './definition-facts.ts';
import { schemaIssues } from './json-schema.ts';

/** Reads a value of an event; undefined if there is none. */
type Read = (value: unknown, request: EventRequest) => unknown;

/** How the events of a valid definition are read: a part of the declaration of a provider. */
export function customEvents(definition: CustomDefinition) {
  const { signature, event } = definition;
  const { batch, contentTypes = ['application/json'], formField, immutable = false } = event;
  const token = signature.algorithm === 'token' && 'pointer' in signature ? signature.pointer : undefined;
  return {
    contentTypes,
    eventHeaders: [...new Set(placesOf(event).flatMap(([, place]) => ('header' in place ? nameOf(place) : [])))],
    ...(formField !== undefined && { formField: { name: formField, isRequired: true } }),
    ...(batch !== undefined && { items: itemsAt(pathOf(batch), token) }),
    eventIdLabel: labelOfId(event),
    ...timeOf(definition),
    immutable,
    validate: validator(event),
    event: reader(event),
  };
}

/** @param token the pointer to the secret in each item, which must not be stored */
function itemsAt(path: JsonPath, token: string | undefined) {
  return (content: unknown): readonly unknown[] | undefined => {
    const list = valueAt(content, path);
    if (!Array.isArray(list)) return undefined;
    return token === undefined ? list : list.map((item) => withValueAt(item, pathOf(token), undefined));
  };
}

function labelOfId({ id }: CustomEvent): string {
  if ('hash' in id) return 'a hash of the body';
  return [id].flat().map(labelOf).join(' + ');
}

const labelOf = (place: EventValue) => ('header' in place ? place.header : pathOf(place.pointer).join('.'));

function timeOf(definition: CustomDefinition): { readonly eventTime?: EventTime } {
  const { time } = definition.event;
  return time ? { eventTime: { label: labelOf(time), isSigned: isTimeSigned(definition) } } : {};
}

function validator({ schema }: CustomEvent): (value: unknown) => Validation<unknown> {
  if (!schema) return (value) => ({ output: value });
  return (value) => {
    const issues = schemaIssues(schema, value);
    return issues.length === 0 ? { output: value } : { issues };
  };
}

function reader(event: CustomEvent): (value: unknown, request: EventRequest) => ProviderEvent {
  const id = identity(event);
  const types = [event.type ?? []].flat().map(valueReader);
  const time = event.time && timeReader(event.time, event.time.format);
  const data = Object.entries(event.data ?? {}).map(([key, place]) => [key, dataReader(place)] as const);
  return (value, request) => ({
    id: id(value, request),
    type: typeFrom(types.map((read) => read(value, request))),
    occurredAt: time?.(value, request),
    data: Object.fromEntries(data.map(([key, read]) => [key, read(value, request)])),
  });
}

/** Longer ones are no type, but the event counts without it. */
const MAX_TYPE = 256;

function typeFrom(values: readonly unknown[]): string | undefined {
  const type = values.filter((value) => typeof value === 'string' || Number.isSafeInteger(value)).join('.');
  return valueIfValid(text(1, MAX_TYPE), type);
}

/** All parts of an identity must be there. A number is read from the JSON as it was sent, since JavaScript would round it. */
function identity({ id }: CustomEvent): (value: unknown, request: EventRequest) => string | undefined {
  if ('hash' in id) return (_, { body }) => contentId(body);
  const reads = [id].flat().map(idReader);
  return (value, request) => {
    const parts = reads.map((read) => read(value, request));
    return isComplete(parts) ? distinctId(parts) : undefined;
  };
}

const isComplete = (parts: readonly (string | undefined)[]): parts is readonly string[] => parts.every(Boolean);

/** An id in which each value ends where it seems to: otherwise, `a:b` and `c` would be the same event as `a` and `b:c`. */
function distinctId(parts: readonly string[]): string {
  const isClear = parts.slice(0, -1).every((part) => !part.includes(':'));
  return isClear ? joinedId(parts) : contentId(JSON.stringify(parts));
}

function idReader(place: EventValue): (value: unknown, request: EventRequest) => string | undefined {
  if ('header' in place) return (_, { headers }) => header(headers, nameOf(place));
  const path = pathOf(place.pointer);
  return (value, { body }) => {
    const found = valueAt(value, path);
    if (typeof found === 'string' || Number.isSafeInteger(found)) return String(found);
    const exact = typeof found === 'number' ? valueAt(jsonWithNumbersAsText(body), path) : undefined;
    return typeof exact === 'string' ? exact : undefined;
  };
}

function valueReader(place: EventValue): Read {
  if ('header' in place) return (_, { headers }) => header(headers, nameOf(place));
  const path = pathOf(place.pointer);
  return (value) => valueAt(value, path);
}

/** The latest time that a JavaScript date can hold, in milliseconds. */
const MAX_TIME = 8_640_000_000_000_000;

function timeReader(place: EventValue, format: TimeFormatName) {
  const read = valueReader(place);
  return (value: unknown, request: EventRequest): number | undefined => {
    const found = read(value, request);
    return format === 'iso' ? valueIfValid(isoTime(), found) : epochTime(found, format);
  };
}

/** A number, or its digits, with or without a fraction. In epoch milliseconds. */
function epochTime(value: unknown, format: 'seconds' | 'milliseconds'): number | undefined {
  if (typeof value === 'string' && !/^\d{1,16}(?:\.\d{1,9})?$/.test(value)) return undefined;
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const time = Math.floor(Number(value) * (format === 'seconds' ? 1000 : 1));
  return time >= 0 && time <= MAX_TIME ? time : undefined;
}

/** Text of more characters is left out, so that an item holds all values. */
const MAX_TEXT = 1_024;

/** The numbers that DynamoDB holds, apart from 0. */
const isStorable = (value: number) => value === 0 || (Math.abs(value) >= 1e-125 && Math.abs(value) <= 1e125);

const IS_OF_TYPE: Readonly<Record<NonNullable<DataValue['type']>, (value: unknown) => boolean>> = {
  string: (value) => valueIfValid(text(0, MAX_TEXT), value) !== undefined,
  integer: Number.isSafeInteger,
  number: (value) => typeof value === 'number' && isStorable(value),
  boolean: (value) => typeof value === 'boolean',
};

function dataReader(place: DataValue): Read {
  const read = valueReader(place);
  const isOfType = IS_OF_TYPE[place.type ?? 'string'];
  return (value, request) => {
    const found = read(value, request);
    return isOfType(found) ? found : undefined;
  };
}

const nameOf = ({ header }: { readonly header: string }) => header.toLowerCase();

const pathOf = (pointer: string) => readPointer(pointer) ?? [];

import type { EventItem } from '../../lambda/events/event-item.ts';
import type { EventRequest, ProviderEvent } from '../../lambda/providers/provider.ts';
import type { HeaderValues } from '../../lambda/signature/signed-request.ts';

/** Reads the event of a payload whose delivery had these headers; undefined if there is none. */
export type ReadWithHeaders = (headers: EventRequest['headers']) => ProviderEvent | undefined;

/** What an item has of its event. */
export type StoredFields = Pick<EventItem, 'event_id' | 'event_type' | 'occurred_at' | 'data'>;

/**
 * The headers that an event was read from. An item does not have them, but most of their values are in its id, its type and
 * its data. So the payload is read with a mark in each header, which shows where the provider puts their values, and these
 * are taken from there. A header that changes nothing in the item is left out, since its value is not known.
 * @param names the headers that the provider declares, in lower case
 */
export function eventHeaders(names: readonly string[], item: StoredFields, read: ReadWithHeaders): HeaderValues {
  const marks = new Map(names.map((name, index) => [name, `header_mark_${index}_`]));
  const marked = read(asHeaders(marks));
  const values = marked ? valuesAtMarks(marked, item, marks) : new Map<string, string>();
  const headers = withTime(names, values, item, read);
  // Some providers read what they have no header for from the payload, where no mark shows.
  const isNeedless = read(asHeaders(headers))?.id !== item.event_id && read(asHeaders(NONE))?.id === item.event_id;
  return asHeaders(isNeedless ? NONE : headers);
}

const NONE: ReadonlyMap<string, string> = new Map();

const asHeaders = (values: ReadonlyMap<string, string>): HeaderValues =>
  new Map([...values].map(([name, value]) => [name, [value]]));

type Marks = ReadonlyMap<string, string>;

/** The values by the names of the headers: what the item has where the event that was read has a mark. */
function valuesAtMarks(marked: ProviderEvent, item: StoredFields, marks: Marks): Map<string, string> {
  const pairs = [
    [marked.id, item.event_id],
    [marked.type, item.event_type],
    ...Object.entries(marked.data).map(([name, value]) => [value, item.data[name]]),
  ];
  const found = new Map<string, string>();
  for (const [template, stored] of pairs) {
    if (typeof template !== 'string' || typeof stored !== 'string') continue;
    for (const [name, value] of valuesIn(template, stored, marks)) if (!found.has(name)) found.set(name, value);
  }
  return found;
}

/** @param template text with marks */
function valuesIn(template: string, stored: string, marks: Marks): readonly (readonly [string, string])[] {
  const present = [...marks]
    .filter(([, mark]) => template.includes(mark))
    .toSorted(([, one], [, other]) => template.indexOf(one) - template.indexOf(other));
  const pattern = present.reduce((text, [, mark]) => text.replace(mark, '(.+?)'), escaped(template));
  const [, ...values] = new RegExp(`^${pattern}$`, 's').exec(stored) ?? [];
  return present.flatMap(([name], index) => (values[index] === undefined ? [] : [[name, values[index]] as const]));
}

/** A mark has no character that means something in a regular expression. */
const escaped = (text: string) => text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');

/** A mark is no time, so it shows nowhere in the event: the header of a time is the one that the event gets its time by. */
function withTime(
  names: readonly string[],
  values: ReadonlyMap<string, string>,
  { occurred_at }: StoredFields,
  read: ReadWithHeaders,
): ReadonlyMap<string, string> {
  if (occurred_at === undefined || read(asHeaders(values))?.occurredAt !== undefined) return values;
  const time = Date.parse(occurred_at);
  const others = names.filter((name) => !values.has(name)).map((name) => new Map([...values, [name, occurred_at]]));
  return others.find((headers) => read(asHeaders(headers))?.occurredAt === time) ?? values;
}

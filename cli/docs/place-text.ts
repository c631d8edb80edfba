import { code } from './provider-facts.ts';

/** A place in a definition, with what else is said of its value. */
interface Place {
  readonly header?: string;
  readonly pointer?: string;
  readonly query?: string;
  readonly prefix?: string;
  readonly format?: keyof typeof FORMATS;
  readonly type?: string;
  readonly equals?: unknown;
}

const FORMATS = { seconds: 'epoch seconds', milliseconds: 'epoch milliseconds', iso: 'ISO 8601' };

/** A place of a definition as a partner reads it, such as "header `X-Event`" or "`data.id`"; undefined for another value. */
export function placeText(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const place: Place = value;
  const where = whereOf(place);
  if (where === undefined) return undefined;
  const format = place.format ? `, in ${FORMATS[place.format]}` : '';
  const type = place.type ? `, ${place.type}` : '';
  const equals = place.equals === undefined ? '' : ` is ${code(JSON.stringify(place.equals))}`;
  return `${where}${format}${type}${equals}`;
}

function whereOf({ header, pointer, query, prefix }: Place): string | undefined {
  if (header !== undefined) return `header ${code(header)}`;
  if (query !== undefined) return `query parameter ${code(query)}`;
  if (pointer !== undefined) return code(pointer.slice(1).replaceAll('/', '.'));
  return prefix === undefined ? undefined : `after ${code(prefix)} in the header of the signature`;
}

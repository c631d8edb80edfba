import * as v from 'valibot';
import { readPointer } from '../../signature/json-pointer.ts';
import { fields, oneOf, text } from './schema-values.ts';

/** @see https://www.rfc-editor.org/rfc/rfc9110#section-5.6.2 */
export const headerName = () => v.pipe(v.string(HEADER_NAME), v.regex(/^[\w!#$%&'*+.^`|~-]{1,100}$/, HEADER_NAME));

const HEADER_NAME = 'is not the name of a header; use 1 to 100 letters, digits and hyphens, such as "X-Signature".';

/** A JSON pointer. */
export const pointer = () =>
  v.pipe(
    v.string('must be a JSON pointer, such as "/data/id".'),
    v.maxLength(512, 'must be a JSON pointer of at most 512 characters.'),
    v.check(
      (value) => readPointer(value) !== undefined,
      'is not a JSON pointer; begin with "/", and write "~1" for "/" and "~0" for "~", such as "/data/id".',
    ),
  );

/** A pointer to a value within the body. */
export const innerPointer = () =>
  v.pipe(
    pointer(),
    v.check((value) => value !== '', 'points to the whole body; point to a value in it, such as "/id".'),
  );

/** Whether a value is an object with a field. */
export const has = (input: unknown, key: string) => typeof input === 'object' && input !== null && key in input;

/** The format of a time. */
export const format = () => oneOf(['seconds', 'milliseconds', 'iso'], 'a time');

/** The name of a parameter in a query string. */
export const query = () => text(1, 100, 'challenge');

/** A place in a header or in the body, with more fields. */
export const headerOrPointer = <TEntries extends v.ObjectEntries>(more: TEntries) => {
  const inHeader = fields({ header: headerName(), ...more });
  const atPointer = fields({ pointer: innerPointer(), ...more });
  const nowhere = v.never('needs a place, such as { pointer: "/data/id" } or { header: "X-Event-Id" }.');
  return v.lazy((input) => {
    if (has(input, 'pointer')) return atPointer;
    return has(input, 'header') ? inHeader : nowhere;
  });
};

/** A place in the query string, a header or the body, with more fields. */
export const anyPlace = <TEntries extends v.ObjectEntries>(more: TEntries) => {
  const inQuery = fields({ query: query(), ...more });
  const others = headerOrPointer(more);
  return v.lazy((input) => (has(input, 'query') ? inQuery : others));
};

import * as v from 'valibot';
import { suggestion } from '../suggestion.ts';

// The messages of these schemas are what is wrong and what to write instead. validateCustom puts the path before them.

/** A value of a definition in a message, if it is short: a long one may be a secret that was put into the wrong place. */
const shown = (value: unknown) => {
  const json = typeof value === 'bigint' ? `${value}` : (JSON.stringify(value) ?? 'nothing');
  return json.length <= 16 ? json : 'this value';
};

const listed = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join(', ');

/** One of some texts. @param what the value is, for the message */
export const oneOf = <const TValues extends readonly string[]>(values: TValues, what: string) =>
  v.picklist(values, ({ input }) => `${what} cannot be ${shown(input)}; use ${listed(values)}.`);

interface ObjectIssue {
  readonly expected: string | null;
  readonly received: string;
}

/** The message about a missing object, or a value in its place. */
export const REQUIRED_OBJECT = ({ expected, received }: ObjectIssue) =>
  expected?.startsWith('"') || received === 'undefined' ? 'is required.' : 'must be an object.';

/** An object with these fields and no others. */
export function fields<TEntries extends v.ObjectEntries>(entries: TEntries) {
  const names = Object.keys(entries);
  return v.strictObject(entries, (issue) => {
    if (issue.expected !== 'never') return REQUIRED_OBJECT(issue);
    const meant = suggestion(String(issue.path?.at(-1)?.key), names);
    const question = meant === undefined ? '' : `did you mean "${meant}"? `;
    return `there is no such field here; ${question}${question ? 'The' : 'the'} fields are ${names.join(', ')}.`;
  });
}

/** Text of some length. @param example for the message */
export const text = (min: number, max: number, example: string) => {
  const message = `must be text of ${min} to ${max} characters, such as ${JSON.stringify(example)}.`;
  return v.pipe(
    v.string(message),
    v.check((value) => value.length >= min && value.length <= max, message),
  );
};

/** Without line breaks, so that a header can hold it. */
export const headerText = (min: number, max: number, example: string) =>
  v.pipe(
    text(min, max, example),
    v.check((value) => !/[^\x20-\x7e]/.test(value), 'must be printable ASCII, because a header holds it.'),
  );

/** A whole number in a range. */
export const integer = (min: number, max: number) => {
  const message = `must be a whole number from ${min} to ${max}.`;
  return v.pipe(v.number(message), v.integer(message), v.minValue(min, message), v.maxValue(max, message));
};

/** True or false. */
export const flag = () => v.boolean('must be true or false.');

/** A list of some length. */
export const listOf = <TSchema extends v.GenericSchema>(schema: TSchema, min: number, max: number) => {
  const message = `must be a list of ${min} to ${max} entries.`;
  return v.pipe(v.array(schema, message), v.minLength(min, message), v.maxLength(max, message), v.readonly());
};

const NAME = /^[A-Za-z_][\w-]{0,63}$/;

/** Names that Valibot's `record` leaves out, so that their values would not be validated. */
const UNREAD = ['__proto__', 'prototype', 'constructor'];

/** Refuses the names that Valibot's `record` leaves out. */
export const withoutUnread = () =>
  v.check<unknown, string>(
    (input) => !UNREAD.some((name) => Object.hasOwn(Object(input), name)),
    `cannot have a field with the name ${UNREAD.join(', ')}; use another name.`,
  );

/** Values by names of one's own, at most `max`. */
export const namedBy = <TSchema extends v.GenericSchema>(schema: TSchema, max: number) =>
  v.pipe(
    v.unknown(),
    withoutUnread(),
    v.record(
      v.pipe(
        v.string(),
        v.check(
          (name) => NAME.test(name),
          'is not a name; use 1 to 64 letters, digits, "_" and "-", and begin with a letter.',
        ),
      ),
      schema,
      'must be an object.',
    ),
    v.check((record) => Object.keys(record).length <= max, `must have at most ${max} fields.`),
  );

import { parsePayload } from '../../../lambda/receiver/parse-payload.ts';
import { isJsonObject } from '../../../lambda/signature/json-body.ts';

/** A way in which a library writes JSON. */
export interface Spelling {
  /** How it is written, for people. */
  readonly label: string;
  readonly text: string;
}

type Write = (value: unknown) => string;

const LAYOUTS: readonly (readonly [string, Write])[] = [
  ['without white space', (value) => JSON.stringify(value)],
  ['indented by 2 spaces', (value) => JSON.stringify(value, null, 2)],
  ['indented by 4 spaces', (value) => JSON.stringify(value, null, 4)],
  ['indented by tabs', (value) => JSON.stringify(value, null, '\t')],
  ['with a space after each comma and colon, as Python writes it', spaced],
];

/** No character of JSON outside of a string is escaped, so these are replacements in the whole text. */
const ESCAPES: readonly (readonly [string, (json: string) => string])[] = [
  ['', (json) => json],
  ['with all but ASCII escaped', (json) => json.replace(/[^\0-\x7f]/g, escaped)],
  ['with slashes escaped, as PHP writes it', (json) => json.replaceAll('/', '\\/')],
  [
    'with slashes and all but ASCII escaped, as PHP writes it',
    (json) => json.replaceAll('/', '\\/').replace(/[^\0-\x7f]/g, escaped),
  ],
  ['with <, > and & escaped, as Go writes it', (json) => json.replace(/[<>&\u2028\u2029]/g, escaped)],
];

/** The ways in which libraries write the JSON of a body, one after the other. None if it is no JSON. */
export function* jsonSpellings(body: Buffer): Generator<Spelling> {
  const parsed = parsePayload(body, { mediaType: 'application/json', hasItems: true });
  if ('unreadable' in parsed) return;
  yield* written(parsed.exact, '');
  yield* written(sorted(parsed.exact), ', with sorted keys');
  if (parsed.value !== parsed.exact) yield* written(parsed.value, ', with the numbers of JavaScript');
}

function* written(value: unknown, suffix: string): Generator<Spelling> {
  for (const [layout, write] of LAYOUTS) {
    const json = write(value);
    for (const [label, withEscapes] of ESCAPES) {
      const labels = [layout, label].filter((each) => each !== '');
      yield { label: labels.join(', ') + suffix, text: withEscapes(json) };
    }
  }
}

/** Between values, never in a string: a string of JSON has no line end. */
function spaced(value: unknown): string {
  return JSON.stringify(value, null, 1).replace(/,\n */g, ', ').replace(/\n */g, '');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isJsonObject(value) || isRaw(value)) return value;
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]));
}

/** A number that is kept as it was written. */
const isRaw = (value: object) => Object.getPrototypeOf(value) === null;

const escaped = (character: string) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

import { ExactNumber, parsePayload } from './exact-json.ts';

/** A path at which two payloads differ, and what each has there; undefined where it has nothing. */
export interface Difference {
  readonly path: string;
  readonly stored: string | undefined;
  readonly received: string | undefined;
}

/** The most differences that are listed. */
const MAX_LISTED = 100;

/** The paths at which two payloads differ; undefined if one of them cannot be read. */
export function differencesBetween(stored: string, received: string): readonly Difference[] | undefined {
  const [one, other] = [parsePayload(stored), parsePayload(received)];
  if (!one || !other) return undefined;
  const [before, after] = [leavesOf(one.value), leavesOf(other.value)];
  const paths = [...new Set([...before.keys(), ...after.keys()])];
  return paths
    .filter((path) => before.get(path) !== after.get(path))
    .slice(0, MAX_LISTED)
    .map((path) => ({ path, stored: before.get(path), received: after.get(path) }));
}

/** What a payload has at a path such as `data.items.0.id`, as JSON; undefined if it has nothing there. */
export function valueAt(payload: string, path: string): string | undefined {
  let value = parsePayload(payload)?.value;
  for (const name of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[name];
  }
  return textOf(value);
}

/** The values of a payload that hold no others, by path. A list, and not recursion: the nesting may be deep. */
function leavesOf(root: unknown): ReadonlyMap<string, string> {
  const leaves = new Map<string, string>();
  const open: (readonly [path: string, value: unknown])[] = [['', root]];
  for (let next = open.pop(); next; next = open.pop()) {
    const [path, value] = next;
    const fields = isContainer(value) ? Object.entries(value) : [];
    if (fields.length === 0) leaves.set(path, textOf(value));
    for (const [name, each] of fields.reverse()) open.push([path === '' ? name : `${path}.${name}`, each]);
  }
  return leaves;
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof ExactNumber);
}

/** The longest text of a value. */
const MAX_CHARACTERS = 200;

function textOf(value: unknown): string {
  if (value instanceof ExactNumber) return value.digits;
  if (isContainer(value)) return Array.isArray(value) ? '[…]' : '{…}';
  const text = JSON.stringify(value);
  return text.length > MAX_CHARACTERS ? `${text.slice(0, MAX_CHARACTERS)}…` : text;
}

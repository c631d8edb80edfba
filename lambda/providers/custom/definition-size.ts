/** The fields of a schema are two deep each, in `properties` and by their names; few other values are in others. */
const MAX_DEPTH = 64;

/** More than any definition has, and few enough to look at each. */
const MAX_VALUES = 10_000;

/** Characters of a path in a message. */
const MAX_PATH = 200;

interface Place {
  readonly path: string;
  readonly depth: number;
  readonly value: unknown;
}

/**
 * What is wrong with the size of a definition, before anything walks through it: a nesting that overflows the stack, as that
 * of an object that holds itself. No recursion, for that reason.
 * @returns the message with its path, or undefined
 */
export function sizeFault(definition: unknown): string | undefined {
  const open: Place[] = [{ path: '', depth: 0, value: definition }];
  let count = 0;
  for (let next = open.pop(); next; next = open.pop()) {
    const { path, depth } = next;
    const inner = placesIn(next);
    count += inner.length;
    if (inner.length > 0 && depth === MAX_DEPTH)
      return `${shortened(path)}: is nested more than ${MAX_DEPTH} deep, or holds itself; leave out what is below.`;
    if (count > MAX_VALUES) return `${shortened(path)}: has more than ${MAX_VALUES} values; leave some out.`;
    open.push(...inner.reverse());
  }
  return undefined;
}

function placesIn({ path, depth, value }: Place): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  const within = (name: string) => (path === '' ? name : `${path}.${name}`);
  return Object.entries(value).map(([name, each]) => ({ path: within(name), depth: depth + 1, value: each }));
}

const shortened = (path: string) => (path.length > MAX_PATH ? `${path.slice(0, MAX_PATH)}…` : path || 'custom');

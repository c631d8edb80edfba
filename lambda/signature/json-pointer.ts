/** The parts of a JSON pointer, unescaped. The whole value has none. */
export type JsonPath = readonly string[];

/**
 * Reads a JSON pointer, such as `/data/object/id`.
 * @returns undefined if the text is not a JSON pointer, or names `__proto__`
 * @see https://www.rfc-editor.org/rfc/rfc6901
 */
export function readPointer(pointer: string): JsonPath | undefined {
  if (pointer === '') return [];
  if (!pointer.startsWith('/') || /~(?![01])/.test(pointer)) return undefined;
  const parts = pointer.slice(1).split('/');
  const path = parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'));
  return path.includes('__proto__') ? undefined : path;
}

/** The value at a path; undefined if there is none. Nothing is read from a prototype. */
export function valueAt(value: unknown, path: JsonPath): unknown {
  let current = value;
  for (const part of path) {
    if (typeof current !== 'object' || current === null || !isOwn(current, part)) return undefined;
    current = (current as Record<string, unknown>)[part];
  }
  return current;
}

const isOwn = (parent: object, part: string) =>
  Array.isArray(parent)
    ? /^(?:0|[1-9]\d{0,9})$/.test(part) && Object.hasOwn(parent, part)
    : Object.hasOwn(parent, part);

/**
 * A copy with another value at a path, whose length bounds the recursion. Objects on the way are created; `undefined`
 * removes the value. A list stays as it is if it has no item of that index.
 */
export function withValueAt(value: unknown, path: JsonPath, replacement: unknown): unknown {
  const [part, ...rest] = path;
  if (part === undefined) return replacement;
  if (Array.isArray(value)) {
    const index = Number(part);
    return isOwn(value, part) ? value.with(index, withValueAt(value[index], rest, replacement)) : value;
  }
  const fields: Record<string, unknown> = typeof value === 'object' && value !== null ? { ...value } : {};
  const changed = withValueAt(fields[part], rest, replacement);
  if (changed === undefined) delete fields[part];
  else fields[part] = changed;
  return fields;
}

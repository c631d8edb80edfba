import { contentId } from '../signature/content-id.ts';
import { isJsonObject, type JsonObject } from '../signature/json-body.ts';

/** The longest id that is joined, in bytes. */
const MAX_BYTES = 512;

/**
 * An event id from several values of a body. They are joined if each is text, a number or missing. Otherwise, and if they
 * are long, the id is a hash of them, so that events with different values always have different ids.
 */
export function joinedId(parts: readonly unknown[], separator = ':'): string {
  const joined = parts.every(isPlain) ? parts.join(separator) : '';
  const isShort = joined.isWellFormed() && Buffer.byteLength(joined) <= MAX_BYTES;
  return joined && isShort ? joined : contentId(JSON.stringify(parts));
}

const isPlain = (part: unknown) => part == null || typeof part === 'string' || typeof part === 'number';

/**
 * The JSON object in a body, with the text of each number in place of the number: JavaScript would round an id of 17
 * digits. It is empty for any other body.
 */
export function withNumbersAsText(body: Buffer): JsonObject {
  const value = jsonWithNumbersAsText(body);
  return isJsonObject(value) ? value : {};
}

/** The JSON value in a body, with the text of each number in place of the number; undefined for a body that is not JSON. */
export function jsonWithNumbersAsText(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString(), toText);
  } catch {
    return undefined;
  }
}

function toText(_: string, value: unknown, { source }: { readonly source?: string } = {}): unknown {
  return typeof value === 'number' ? source : value;
}

import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import { parsePayload } from '../lambda/receiver/parse-payload.ts';
import { isJsonObject } from '../lambda/signature/json-body.ts';
import { type SignedRequest, withHeaders } from '../lambda/signature/signed-request.ts';

/** Location of a value in a request: a header, or a path in the body's JSON. */
export type Place = { readonly header: string } | { readonly path: readonly string[] };

/** The parsed body; undefined if it is not JSON, or nested more deeply than a receiver accepts. */
export function jsonOf({ body }: Pick<SignedRequest, 'body'>): unknown {
  const parsed = parsePayload(Buffer.from(body), { mediaType: 'application/json', hasItems: false });
  return 'unreadable' in parsed ? undefined : parsed.value;
}

/** The same request with another body. */
export function withBody(request: SignedRequest, body: Buffer | string): SignedRequest {
  return { ...request, body: Buffer.from(body as string) };
}

/** The value at a place; undefined if there is none. */
export function valueAt(request: SignedRequest, place: Place): unknown {
  if ('header' in place) return request.headers.get(place.header)?.[0];
  return place.path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    jsonOf(request),
  );
}

/** The same request with another value at a place. A body is serialised again, without white space. */
export function withValueAt(request: SignedRequest, place: Place, value: unknown): SignedRequest {
  if ('header' in place) return withHeaders(request, { [place.header]: String(value) });
  return withBody(request, JSON.stringify(replaced(jsonOf(request), place.path, value)));
}

function replaced(content: unknown, [key, ...rest]: readonly string[], value: unknown): unknown {
  if (key === undefined) return value;
  const inner = replaced((content as Record<string, unknown> | undefined)?.[key], rest, value);
  if (Array.isArray(content)) return content.map((each, index) => (String(index) === key ? inner : each));
  return { ...(content as object), [key]: inner };
}

/** Every place of a JSON value with a string or a number. */
export function leavesOf(content: unknown, path: readonly string[] = []): Place[] {
  if (typeof content === 'string' || typeof content === 'number') return [{ path }];
  if (!Array.isArray(content) && !isJsonObject(content)) return [];
  return Object.entries(content).flatMap(([key, value]) => leavesOf(value, [...path, key]));
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A random value in the format of another, so that a receiver that validates the format accepts it. */
export function freshLike(value: unknown): unknown {
  if (typeof value === 'number') return randomInt(2 ** 30, 2 ** 47);
  const text = String(value);
  if (UUID.test(text)) return randomUUID();
  if (text.length < 20) return `${text}-${randomBytes(5).toString('hex')}`;
  return text.slice(0, -16) + text.slice(-16).replace(/[0-9a-z]/gi, randomOfSameKind);
}

const KINDS = ['0123456789', 'abcdef', 'ghijklmnopqrstuvwxyz', 'ABCDEF', 'GHIJKLMNOPQRSTUVWXYZ'];

function randomOfSameKind(character: string): string {
  const kind = KINDS.find((characters) => characters.includes(character)) ?? character;
  return kind.charAt(randomInt(kind.length));
}

/** A different value of the same type and length, for content whose meaning does not matter. */
export function changed(value: unknown): unknown {
  if (typeof value === 'number') return value === 1 ? 2 : value - 1;
  return String(value).replace(/[0-9a-z](?=[^0-9a-z]*$)/i, (last) => {
    const kind = KINDS.find((characters) => characters.includes(last)) ?? last;
    return kind.charAt((kind.indexOf(last) + 1) % kind.length);
  });
}

/** A time in the format of another: epoch seconds, epoch milliseconds or ISO 8601. @param time epoch milliseconds */
export function timeLike(value: unknown, time: number): unknown {
  if (typeof value !== 'number') return new Date(time).toISOString();
  return value < 100_000_000_000 ? Math.floor(time / 1000) : time;
}

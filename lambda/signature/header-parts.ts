import type { Carrier, Claim } from './carrier.ts';
import { type HeaderValues, onlyValue, type SignedRequest, withHeaders } from './signed-request.ts';

/** The places of a claim in headers. Names are in lower case. */
export interface HeaderParts {
  /** The headers that may hold signatures. A request has any of them, but none twice. It is signed in the first. */
  readonly headers: readonly [string, ...string[]];
  /** What precedes a signature, such as `sha256=` or `v1=`. @default - nothing */
  readonly prefix?: string | undefined;
  /**
   * What separates the parts of a header, such as `,`. Those that begin with the prefix are signatures, and the others are
   * ignored. With several separators, a header may repeat its time. @default - a header is one signature
   */
  readonly separators?: readonly string[] | undefined;
  /** The signed time: in another header, or in the part of the same header after a prefix. @default - none */
  readonly timestamp?: { readonly header: string } | { readonly prefix: string } | undefined;
  /** The header of the signed id. @default - none */
  readonly id?: string | undefined;
}

/** More parts than any provider sends in one header. */
const MAX_PARTS = 20;

/** Signatures in headers, alone or in parts. */
export function inHeaderParts(places: HeaderParts): Carrier {
  return {
    read: (request) => readClaim(request, places),
    write: (request, claim) => withHeaders(request, written(claim, places)),
  };
}

function readClaim({ headers }: SignedRequest, places: HeaderParts): Claim | 'missing' | 'malformed' {
  const present = places.headers.filter((name) => headers.has(name));
  const values = valuesOf(headers, present);
  const others = valuesOf(headers, otherHeaders(places));
  if (!values?.length || !others) return 'missing';
  const lists = values.map((value) => split(value, places.separators));
  const signatures = lists.flatMap((parts) => after(places.prefix ?? '', parts));
  const timestamp = timeIn(lists, places, others[0]);
  if (lists.some(({ length }) => length > MAX_PARTS) || signatures.length === 0 || timestamp === 'malformed') {
    return 'malformed';
  }
  const id = places.id === undefined ? undefined : others.at(-1);
  return { signatures, timestamp, ...(id !== undefined && { id }) };
}

/** The headers of the time and the id, in this order. */
function otherHeaders({ timestamp, id }: HeaderParts): readonly string[] {
  return [timestamp && 'header' in timestamp ? timestamp.header : undefined, id].filter((name) => name !== undefined);
}

/** The values of the headers; undefined if one of them is missing or has several. */
function valuesOf(headers: HeaderValues, names: readonly string[]): readonly string[] | undefined {
  const values = names.map((name) => onlyValue(headers, name)).filter((value) => value !== undefined);
  return values.length === names.length ? values : undefined;
}

/** With several headers or sets of parts, each has the same time. */
function timeIn(
  lists: readonly (readonly string[])[],
  { timestamp: place, separators = [] }: HeaderParts,
  ofHeader: string | undefined,
): string | undefined {
  if (!place || 'header' in place) return place && ofHeader;
  const times = lists.map((parts) => after(place.prefix, parts));
  const [first = 'malformed'] = times[0] ?? [];
  const mayRepeat = separators.length > 1;
  const isRight = (own: readonly string[]) => own.length === 1 || (mayRepeat && own.length > 1);
  return times.every((own) => isRight(own) && own.every((time) => time === first)) ? first : 'malformed';
}

function split(value: string, separators: readonly string[] = []): readonly string[] {
  const parts = separators.reduce<readonly string[]>(
    (all, separator) => all.flatMap((part) => part.split(separator, MAX_PARTS + 1)).slice(0, MAX_PARTS + 1),
    [value],
  );
  return separators.length === 0 ? parts : parts.map((part) => part.trim());
}

const after = (prefix: string, parts: readonly string[]) =>
  parts.filter((part) => part.startsWith(prefix)).map((part) => part.slice(prefix.length));

function written(claim: Claim, { headers: [header], prefix = '', separators = [], timestamp, id }: HeaderParts) {
  const { signatures, timestamp: time = '' } = claim;
  const times = timestamp && 'prefix' in timestamp ? [timestamp.prefix + time] : [];
  return {
    [header]: [...times, ...signatures.map((each) => prefix + each)].join(separators.at(-1) ?? ''),
    ...(timestamp && 'header' in timestamp && { [timestamp.header]: time }),
    ...(id !== undefined && claim.id !== undefined && { [id]: claim.id }),
  };
}

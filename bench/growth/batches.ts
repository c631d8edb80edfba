import { isJsonObject, type JsonObject } from '../../lambda/signature/json-body.ts';
import type { SignedRequest } from '../../lambda/signature/signed-request.ts';
import { jsonOf, sampleRequest, sign, type Target, toProxyEvent, withBody } from './grown-request.ts';
import type { GrowthPath } from './growth-path.ts';

/** Bytes of the largest body of several events. Each event costs more than its bytes. */
const BATCH_BYTES = 128 * 1024;

/** The keys and indices that lead to a value. */
type Place = readonly (string | number)[];

/** Bodies of many events: each list of the sample in which more items are more events. */
export function batchPaths(target: Target): readonly GrowthPath[] {
  const request = sampleRequest(target.source);
  const content = jsonOf(request);
  const places = placesOfLists(content).filter((place) => isListOfEvents(target, request, place));
  return places.flatMap((place) => {
    const label = nameOf(place);
    const path = (variant: string, share: number, beside: Beside): GrowthPath => ({
      name: `many events in ${label}${variant}`,
      signer: 'provider',
      size: BATCH_BYTES,
      build(size) {
        const grown = withItems(content, place, { size: size * share, beside: beside(size * (1 - share)) });
        return toProxyEvent(target.source, sign(target, 'provider', withBody(request, JSON.stringify(grown))));
      },
    });
    const around = place.flatMap((key, index) => (typeof key === 'string' ? [place.slice(0, index)] : []));
    const besides = around.flatMap((other) => [
      path(`, many fields in ${nameOf(other)}`, 1 / 2, (size) => at(other, () => manyFields(size))),
      path(`, long values in ${nameOf(other)}`, 1 / 2, (size) => at(other, (object) => longValues(object, size))),
    ]);
    return [path('', 1, () => () => ({})), ...besides];
  });
}

const nameOf = (place: Place) => place.join('.') || 'the body';

/** The fields that are added to an object around a list. */
type Added = (object: JsonObject, place: Place) => JsonObject;

/** @param size bytes of the added fields */
type Beside = (size: number) => Added;

const at =
  (place: Place, added: (object: JsonObject) => JsonObject): Added =>
  (object, other) =>
    nameOf(place) === nameOf(other) ? added(object) : {};

/** A long value for each field with a text or a number, and for another field. */
function longValues(object: JsonObject, size: number): JsonObject {
  const names = Object.keys(object).filter((name) => typeof object[name] !== 'object');
  const value = 'v'.repeat(size / (names.length + 1));
  return Object.fromEntries([...names, 'growth'].map((name) => [name, value]));
}

function manyFields(size: number): JsonObject {
  return Object.fromEntries(Array.from({ length: size / 12 }, (_, index) => [`k${index}`, index]));
}

function placesOfLists(content: unknown, place: Place = []): readonly Place[] {
  if (Array.isArray(content)) {
    return [place, ...content.flatMap((each, index) => placesOfLists(each, [...place, index]))];
  }
  if (!isJsonObject(content)) return [];
  return Object.entries(content).flatMap(([key, value]) => placesOfLists(value, [...place, key]));
}

/** Whether more items in a list are more events of the body. */
function isListOfEvents({ source }: Target, request: SignedRequest, place: Place): boolean {
  const [mediaType = ''] = request.headers.get('content-type')?.[0]?.split(';') ?? [];
  const eventsOf = (value: unknown) => {
    const read = source.provider.read({ value, exact: value }, { ...request, mediaType, receivedAt: Date.now() });
    return read.events.length;
  };
  const content = jsonOf(request);
  const countWith = (size: number) => eventsOf(withItems(content, place, { size, beside: () => ({}) }));
  return countWith(4_000) > countWith(1);
}

/** What replaces the items of a list. */
interface Replacement {
  /** Bytes of all items; at least one item is left. */
  readonly size: number;
  readonly beside: Added;
}

/** The content with other items in a list, each a copy of its first item. @param above what leads to the content */
function withItems(content: unknown, place: Place, replacement: Replacement, above: Place = []): unknown {
  const [key, ...rest] = place;
  const { size, beside } = replacement;
  if (key === undefined) return copies(Array.isArray(content) ? content[0] : undefined, size);
  const replaced = (value: unknown) => withItems(value, rest, replacement, [...above, key]);
  if (Array.isArray(content)) return content.map((each, index) => (index === key ? replaced(each) : each));
  return isJsonObject(content) ? { ...content, ...beside(content, above), [key]: replaced(content[key]) } : content;
}

function copies(item: unknown, size: number): readonly unknown[] {
  const length = Math.max(1, Math.floor(size / (JSON.stringify(item) ?? 'null').length));
  return Array.from({ length }, (_, index) => (isJsonObject(item) ? { ...item, growth: index } : item));
}

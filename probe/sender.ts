import type { Provider } from '../lambda/providers/provider.ts';
import type { Source } from '../lambda/receiver/source.ts';
import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import { fillIn, readVectorFile } from '../samples/sample.ts';
import { changed, freshLike, jsonOf, leavesOf, type Place, timeLike, valueAt, withValueAt } from './place.ts';

/** The sender of an endpoint's events: the format of its requests, and their signature. */
export interface Sender {
  /** A provider's name, or the signature's description. */
  readonly name: string;
  /** Whether its events have the schema of the generic provider. */
  readonly isGeneric: boolean;
  readonly methods: readonly string[];
  /** Media types that the endpoint must accept. */
  readonly contentTypes: readonly string[];
  /** Whether the endpoint must refuse a body with any changed byte. */
  readonly signsEveryByte: boolean;
  /** Greatest age of a signed transmission time, in seconds; undefined if none is signed. */
  readonly toleranceSeconds: number | undefined;
  /** Value that identifies the event: another value makes a new event. Undefined if it is unknown. */
  readonly idAt: Place | undefined;
  /** Field of the body that alone is the event's id; undefined if there is none. */
  readonly idField: Place | undefined;
  /** Whether the endpoint must refuse an event without a string in that field. */
  readonly needsId: boolean;
  /** Time of the event in the body; undefined if there is none. */
  readonly timeAt: Place | undefined;
  /** Value that can change without making a new event; undefined if there is none. */
  readonly contentAt: Place | undefined;
  /** Builds an unsigned request. @param now epoch milliseconds */
  readonly sample: (now: number) => SignedRequest;
  /** Signs a request. @param now time of the signature, in epoch milliseconds */
  readonly sign: (request: SignedRequest, key: string, now: number) => SignedRequest;
  /** Generates a key that the endpoint does not know. */
  readonly generateKey: () => string;
}

/**
 * Builds an unsigned request for a new event.
 * @param now time of the event, in epoch milliseconds
 * @param sentAt time of the request, in epoch milliseconds
 */
export function newEvent(sender: Sender, now: number, sentAt = now): SignedRequest {
  const { idAt, timeAt } = sender;
  const sample = sender.sample(sentAt);
  const timely = timeAt ? withValueAt(sample, timeAt, timeLike(valueAt(sample, timeAt), now)) : sample;
  return idAt ? withValueAt(timely, idAt, freshLike(valueAt(timely, idAt))) : timely;
}

/** Builds a sender from a provider and its sample. @param url the endpoint's URL, as the provider knows it */
export function providerSender(source: Source, url: string): Sender {
  const { provider, providerName, settings } = source;
  const { sample, toleranceSeconds, signsBody, reformattable } = readVectorFile(providerName);
  const unsigned = (now: number): SignedRequest => ({
    method: 'POST',
    url,
    query: new URL(url).searchParams,
    headers: new Map(Object.entries(sample.headers).map(([name, value]) => [name, [fillIn(value, now)]])),
    body: Buffer.from(fillIn(sample.body, now)),
  });
  const sign = (request: SignedRequest, key: string, now: number) =>
    provider.signature.sign(request, { key, now, settings });
  const key = provider.signature.generateKeys().signing;
  const canSign = (request: SignedRequest) => possibly(() => sign(request, key, Date.now())) !== undefined;
  const example = unsigned(Date.now());
  return {
    name: providerName,
    isGeneric: providerName === 'generic',
    methods: provider.methods,
    contentTypes: provider.contentTypes,
    signsEveryByte: signsBody !== false && reformattable !== true,
    toleranceSeconds,
    needsId: providerName === 'generic',
    ...placesOf(provider, example),
    contentAt: contentOf(provider, example, canSign),
    sample: unsigned,
    sign,
    generateKey: () => provider.signature.generateKeys().signing,
  };
}

/** Finds the places of ids and times by letting the provider read its sample. */
function placesOf(provider: Provider, example: SignedRequest) {
  const idField = fieldAt(example, provider.eventId);
  const headers = [...example.headers.keys()].map((header) => ({ header }));
  const [before] = idsOf(provider, example) ?? [];
  const makesNew = (place: Place) => {
    const ids = idsOf(provider, withValueAt(example, place, freshLike(valueAt(example, place))));
    return ids !== undefined && ids[0] !== before;
  };
  return {
    idField,
    idAt: [...(idField ? [idField] : []), ...headers, ...leavesOf(jsonOf(example))].find(makesNew),
    timeAt: fieldAt(example, provider.signedTime ?? ''),
  };
}

/** Finds a value of the body that can change without making another event or preventing a signature. */
function contentOf(provider: Provider, example: SignedRequest, canSign: (request: SignedRequest) => boolean) {
  const before = idsOf(provider, example)?.join();
  return leavesOf(jsonOf(example)).find((place) => {
    const other = withValueAt(example, place, changed(valueAt(example, place)));
    return idsOf(provider, other)?.join() === before && canSign(other);
  });
}

/** The result of a function; undefined if it throws. */
function possibly<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** Ids of a request's events; undefined if the provider would refuse the request. */
function idsOf(provider: Provider, request: SignedRequest): readonly (string | undefined)[] | undefined {
  return provider.read(jsonOf(request) ?? formOf(request), request).events?.map(({ id }) => id);
}

const formOf = ({ body }: SignedRequest) => Object.fromEntries(new URLSearchParams(body.toString()));

/** The place of a field such as `event-data.id`; undefined if it has no string or number. */
export function fieldAt(request: SignedRequest, name: string): Place | undefined {
  const place = { path: name.split('.') };
  const value = valueAt(request, place);
  return typeof value === 'string' || typeof value === 'number' ? place : undefined;
}

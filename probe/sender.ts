import type { Provider } from '../lambda/providers/provider.ts';
import type { Source } from '../lambda/receiver/source.ts';
import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import { fillIn, readVectorFile } from '../samples/sample.ts';
import { changed, freshLike, jsonOf, leavesOf, type Place, timeLike, valueAt, withValueAt } from './place.ts';

/** Who sends to the endpoint, as far as a probe must know: what requests look like, and how they are signed. */
export interface Sender {
  /** A provider's name, or the signature's description. */
  readonly name: string;
  /** Whether the whole schema of its events is known, that of the generic provider. */
  readonly isGeneric: boolean;
  readonly methods: readonly string[];
  /** Media types that the endpoint must take. */
  readonly contentTypes: readonly string[];
  /** Whether a body with any byte changed has to be refused. */
  readonly signsEveryByte: boolean;
  /** How old a signed timestamp may be, in seconds, where one is signed outside of the event. */
  readonly toleranceSeconds: number | undefined;
  /** What has to be changed to make a new event; undefined where that is not known. */
  readonly idAt: Place | undefined;
  /** The field of the body that is the event's id, alone. */
  readonly idField: Place | undefined;
  /** Whether an event has to be refused that has no text in that field. */
  readonly needsId: boolean;
  /** The event's own time in the body. */
  readonly timeAt: Place | undefined;
  /** Something that can be changed without making a new event. */
  readonly contentAt: Place | undefined;
  /** An unsigned request. @param now epoch milliseconds */
  readonly sample: (now: number) => SignedRequest;
  /** @param now the time to sign, in epoch milliseconds */
  readonly sign: (request: SignedRequest, key: string, now: number) => SignedRequest;
  /** A key that the endpoint does not know. */
  readonly makeUpKey: () => string;
}

/**
 * An unsigned request for an event that there never was.
 * @param now when it happens, in epoch milliseconds
 * @param sentAt when it is sent
 */
export function freshEvent(sender: Sender, now: number, sentAt = now): SignedRequest {
  const { idAt, timeAt } = sender;
  const sample = sender.sample(sentAt);
  const timely = timeAt ? withValueAt(sample, timeAt, timeLike(valueAt(sample, timeAt), now)) : sample;
  return idAt ? withValueAt(timely, idAt, freshLike(valueAt(timely, idAt))) : timely;
}

/** A provider, by what its file and its sample say. @param url what the provider was given, where it signs that */
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
    makeUpKey: () => provider.signature.generateKeys().signing,
  };
}

/** What the provider's own reading of its sample tells of its places. */
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

/** Something in the body that can change while it is still the same event, and still be signed. */
function contentOf(provider: Provider, example: SignedRequest, canSign: (request: SignedRequest) => boolean) {
  const before = idsOf(provider, example)?.join();
  return leavesOf(jsonOf(example)).find((place) => {
    const other = withValueAt(example, place, changed(valueAt(example, place)));
    return idsOf(provider, other)?.join() === before && canSign(other);
  });
}

/** What cannot be made is undefined. */
function possibly<T>(make: () => T): T | undefined {
  try {
    return make();
  } catch {
    return undefined;
  }
}

/** Undefined where the provider would not take the request. */
function idsOf(provider: Provider, request: SignedRequest): readonly (string | undefined)[] | undefined {
  return provider.read(jsonOf(request) ?? formOf(request), request).events?.map(({ id }) => id);
}

const formOf = ({ body }: SignedRequest) => Object.fromEntries(new URLSearchParams(body.toString()));

/** A field of the body by its name as people write it, such as `event-data.id`. */
export function fieldAt(request: SignedRequest, name: string): Place | undefined {
  const place = { path: name.split('.') };
  const value = valueAt(request, place);
  return typeof value === 'string' || typeof value === 'number' ? place : undefined;
}

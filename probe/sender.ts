import type { Provider, ProviderEvent } from '../lambda/providers/provider.ts';
import type { BodyCoverage } from '../lambda/signature/scheme.ts';
import { onlyValue, type SignedRequest } from '../lambda/signature/signed-request.ts';
import { type SampleSource, sampleOf, unsignedSample } from '../samples/sample.ts';
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
export function providerSender(source: SampleSource, url: string): Sender {
  const { provider, providerName, settings } = source;
  const sample = sampleOf(source);
  const unsigned = (now: number) => unsignedSample(sample, url, now);
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
    signsEveryByte: EVERY_BYTE.includes(provider.signature.bodyCoverage),
    toleranceSeconds: provider.signature.toleranceSeconds,
    needsId: providerName === 'generic',
    ...placesOf(provider, example),
    contentAt: contentOf(provider, example, canSign),
    sample: unsigned,
    sign,
    generateKey: () => provider.signature.generateKeys().signing,
  };
}

/** The coverages that notice each changed byte. An attacker can work around a checksum, but a changed byte changes it. */
const EVERY_BYTE: readonly BodyCoverage[] = ['bytes', 'checksum'];

/** Any time, in whole seconds. */
const ANY_TIME = Date.UTC(2026, 2, 1);

/** An event's own time matters only if the signature covers it, and covers no transmission time. */
const isTimeChecked = ({ eventTime, signature }: Provider) =>
  eventTime?.isSigned === true && signature.toleranceSeconds === undefined;

/** Finds the places of ids and times: changes the sample, and lets the provider read it. */
function placesOf(provider: Provider, example: SignedRequest) {
  const [before, ...others] = eventsOf(provider, example) ?? [];
  const headers = [...example.headers.keys()].map((header) => ({ header }));
  const leaves = leavesOf(jsonOf(example));
  const eventWith = (place: Place, value: unknown) => eventsOf(provider, withValueAt(example, place, value))?.[0];
  const makesNew = (place: Place) => {
    const event = eventWith(place, freshLike(valueAt(example, place)));
    return event !== undefined && event.id !== before?.id;
  };
  const isId = (place: Place) => {
    const id = freshLike(valueAt(example, place));
    return eventWith(place, id)?.id === String(id);
  };
  const isTime = (place: Place) => {
    return eventWith(place, timeLike(valueAt(example, place), ANY_TIME))?.occurredAt === ANY_TIME;
  };
  // Of several events, one with another id or time does not decide how the whole request is answered.
  const fields = others.length > 0 ? [] : leaves;
  const idField = fields.find(isId);
  return {
    idField,
    idAt: [...(idField ? [idField] : []), ...headers, ...leaves].find(makesNew),
    timeAt: isTimeChecked(provider) ? fields.find(isTime) : undefined,
  };
}

/** Finds a value of the body that can change without making another event or preventing a signature. */
function contentOf(provider: Provider, example: SignedRequest, canSign: (request: SignedRequest) => boolean) {
  const before = idsOf(provider, example);
  return leavesOf(jsonOf(example)).find((place) => {
    const other = withValueAt(example, place, changed(valueAt(example, place)));
    return idsOf(provider, other) === before && canSign(other);
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

/** Events of a request; undefined if one of them is invalid. */
function eventsOf(provider: Provider, request: SignedRequest): readonly ProviderEvent[] | undefined {
  const value = jsonOf(request) ?? formOf(request);
  const [mediaType = ''] = onlyValue(request.headers, 'content-type')?.toLowerCase().split(';') ?? [];
  const { events } = provider.read(
    { value, exact: value },
    { ...request, mediaType: mediaType.trim(), receivedAt: Date.now() },
  );
  return events.every((each) => 'event' in each) ? events.map(({ event }) => event) : undefined;
}

const idsOf = (provider: Provider, request: SignedRequest) =>
  eventsOf(provider, request)
    ?.map(({ id }) => id)
    .join();

const formOf = ({ body }: SignedRequest) => Object.fromEntries(new URLSearchParams(body.toString()));

/** The place of a field such as `event-data.id`; undefined if it has no string or number. */
export function fieldAt(request: SignedRequest, name: string): Place | undefined {
  const place = { path: name.split('.') };
  const value = valueAt(request, place);
  return typeof value === 'string' || typeof value === 'number' ? place : undefined;
}

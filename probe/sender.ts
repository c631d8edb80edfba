import type { Provider } from '../lambda/providers/provider.ts';
import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import type { Source } from '../lambda/source.ts';
import { fillIn, readVectorFile } from '../local/samples.ts';
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

/** An unsigned request for an event that there never was. */
export function freshEvent(sender: Sender, now: number): SignedRequest {
  const { idAt, timeAt } = sender;
  const sample = sender.sample(now);
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
  const example = unsigned(Date.now());
  return {
    name: providerName,
    isGeneric: providerName === 'generic',
    methods: provider.methods,
    contentTypes: provider.contentTypes,
    signsEveryByte: signsBody !== false && reformattable !== true,
    toleranceSeconds,
    ...placesOf(provider, example),
    sample: unsigned,
    sign: (request, key, now) => provider.signature.sign(request, { key, now, settings }),
    makeUpKey: () => provider.signature.generateKeys().signing,
  };
}

/** What the provider's own reading of its sample tells of its places. */
function placesOf(provider: Provider, example: SignedRequest) {
  const idField = fieldAt(example, provider.eventId);
  const leaves = leavesOf(jsonOf(example));
  const headers = [...example.headers.keys()].map((header) => ({ header }));
  const ids = idsOf(provider, example);
  const idsWith = (place: Place, change: (value: unknown) => unknown) =>
    idsOf(provider, withValueAt(example, place, change(valueAt(example, place))));
  return {
    idField,
    idAt: [...(idField ? [idField] : []), ...headers, ...leaves].find((place) => {
      const others = idsWith(place, freshLike);
      return others !== undefined && others[0] !== ids?.[0];
    }),
    timeAt: fieldAt(example, provider.signedTime ?? ''),
    contentAt: leaves.find((place) => idsWith(place, changed)?.join() === ids?.join()),
  };
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

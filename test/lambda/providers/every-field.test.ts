import { describe, expect, it } from '@jest/globals';
import { type ProviderName, providers } from '../../../lambda/providers/index.ts';
import { isJsonObject } from '../../../lambda/signature/json-body.ts';
import { changed } from '../../../probe/place.ts';
import { fillIn } from '../../../samples/sample.ts';
import { NOW, type ProviderInbox, providerInbox } from '../../support/provider-inbox.ts';
import { readVector, type VectorRequest } from '../../support/vectors.ts';

// Guards that no event is lost because a field that only describes it is odd: whatever its type and length, and if it is
// missing, the event is processed. Only a field that identifies the event may make it invalid. Which ones those are is
// tried out: another value of the same kind gives the event another id.

/** Place of a value: in the JSON of the body or in the form's fields; or the name of a header. */
type Place = readonly (string | number)[] | string;

/**
 * Fields without which a body is not an event of its provider, although its id is a hash of the body, or does not depend
 * on them. Fields of a list have no index.
 */
const ESSENTIAL: Partial<Record<ProviderName, readonly string[]>> = {
  // The app: Apple signs the notifications of all apps in the same way.
  'app-store': [
    'data',
    'data.bundleId',
    'data.environment',
    'summary',
    'summary.bundleId',
    'summary.environment',
    'externalPurchaseToken',
    'externalPurchaseToken.bundleId',
    'externalPurchaseToken.externalPurchaseId',
  ],
  // The events.
  asana: ['events'],
  // It tells a webhook event from an interaction.
  discord: ['event'],
  // Without it, an aggregate envelope is no envelope.
  docusign: ['envelopeId'],
  // A notification without an id is a ping, which its topic says.
  intercom: ['topic'],
  // The signed time.
  linear: ['webhookTimestamp'],
  // The event.
  mailgun: ['event-data'],
  meta: ['entry', 'values'],
  // It carries the secret, so that without it the request is not authentic.
  'microsoft-graph': ['value'],
  // The name of the event.
  paystack: ['event'],
  sendgrid: [''],
  // It tells an event, which has an id, from a notice or an interaction, which have none. The header is the signed time.
  slack: ['type', 'x-slack-request-timestamp'],
  // The name of the event.
  tiktok: ['event'],
  // A part of the hash.
  woocommerce: ['x-wc-webhook-delivery-id'],
  // It tells an event from the handshake, and is a part of its id.
  zoom: ['event'],
};

const MARKER = 'odd-marker';

/** Values that a field may have in place of those that its provider documents. */
const ODDITIES: readonly (readonly [name: string, value: unknown])[] = [
  ['missing', undefined],
  ['10,000 characters', MARKER.repeat(1_000)],
  ['text', MARKER],
  ['empty text', ''],
  ['null', null],
  ['half a character', `${MARKER}\ud800`],
  ['a number', 7],
  ['a fraction', -1.5],
  ['a huge number', 1e300],
  ['true', true],
  ['an object', { [MARKER]: MARKER }],
  ['a list', [MARKER]],
  ['an empty list', []],
];

/** Those that a form or a header may have. */
const TEXT_ODDITIES = ODDITIES.slice(0, 4);

/** Another value of the same kind. */
function similar(value: unknown): unknown {
  if (typeof value === 'boolean') return !value;
  return value === null ? MARKER : changed(value);
}

/** A request whose values can be replaced. */
interface Variable {
  readonly places: readonly Place[];
  readonly oddities: (place: Place) => typeof ODDITIES;
  readonly valueAt: (place: Place) => unknown;
  /** @param value undefined to leave it out */
  readonly withValueAt: (place: Place, value: unknown) => VectorRequest;
}

function variable(provider: ProviderName, request: VectorRequest): Variable {
  const { eventHeaders } = providers[provider]();
  const { content, encode, isForm } = contentOf(provider, request);
  const headers = Object.keys(request.headers).filter((name) => eventHeaders.includes(name));
  const isText = (place: Place) => isForm || typeof place === 'string';
  return {
    places: [...headers, ...placesIn(content)],
    oddities: (place) => (isText(place) ? TEXT_ODDITIES : ODDITIES),
    valueAt: (place) => (typeof place === 'string' ? request.headers[place] : valueAt(content, place)),
    withValueAt(place, value) {
      if (typeof place !== 'string') return { ...request, body: encode(replaced(content, place, value)) };
      const { [place]: _, ...others } = request.headers;
      return { ...request, headers: value === undefined ? others : { ...others, [place]: String(value) } };
    },
  };
}

function contentOf(provider: ProviderName, { headers, body }: VectorRequest) {
  const text = fillIn(body, NOW);
  if (!/form/.test(headers['content-type'] ?? '')) {
    return { content: JSON.parse(text), encode: (value: unknown) => JSON.stringify(value), isForm: false };
  }
  const form = Object.fromEntries(new URLSearchParams(text));
  const field = providers[provider]().formField?.name ?? '';
  const json = form[field];
  if (json === undefined) {
    const encode = (value: unknown) => String(new URLSearchParams(value as Record<string, string>));
    return { content: form, encode, isForm: true };
  }
  const encode = (value: unknown) => String(new URLSearchParams({ ...form, [field]: JSON.stringify(value) }));
  return { content: JSON.parse(json), encode, isForm: false };
}

type Path = Exclude<Place, string>;

function placesIn(content: unknown, path: Path = []): Path[] {
  const entries = Array.isArray(content)
    ? [...content.entries()]
    : Object.entries(isJsonObject(content) ? content : {});
  return entries.flatMap(([key, each]) => [[...path, key], ...placesIn(each, [...path, key])]);
}

function valueAt(content: unknown, path: Path): unknown {
  return path.reduce<unknown>((each, key) => (each as Record<string, unknown>)[key], content);
}

function replaced(content: unknown, path: Path, value: unknown): unknown {
  const copy: unknown = structuredClone(content);
  const parent = valueAt(copy, path.slice(0, -1)) as Record<string | number, unknown>;
  const key = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(Number(key), 1, ...(value === undefined ? [] : [value]));
  else if (value === undefined) delete parent[key];
  else parent[key] = value;
  return copy;
}

const isWithin = (inner: Place, outer: Place) =>
  typeof inner === 'string' || typeof outer === 'string'
    ? inner === outer
    : outer.every((key, index) => inner[index] === key);

/** The name of a place, such as `entry.changes.field`. */
const nameOf = (place: Place) =>
  typeof place === 'string' ? place : place.filter((key) => typeof key === 'string').join('.');

interface Outcome {
  readonly status: unknown;
  readonly reasons: readonly string[];
  readonly ids: readonly string[];
  readonly times: readonly (string | undefined)[];
  readonly data: string;
}

/** Delivers a request to an inbox with nothing in it; undefined if the body has no place for its signature. */
async function outcomeOf(inbox: ProviderInbox, request: VectorRequest): Promise<Outcome | undefined> {
  inbox.items.length = 0;
  inbox.quarantined.length = 0;
  const signed = signedIfPossible(inbox, request);
  if (!signed) return undefined;
  const { statusCode, headers } = await inbox.deliver(signed);
  return {
    status: headers?.['Inbox-Status'] ?? statusCode,
    reasons: inbox.quarantined.map(({ reason }) => reason),
    ids: inbox.items.map(({ event_id }) => event_id),
    times: inbox.items.map(({ occurred_at }) => occurred_at),
    data: JSON.stringify(inbox.items.map(({ data }) => data)),
  };
}

function signedIfPossible(inbox: ProviderInbox, request: VectorRequest) {
  try {
    return inbox.sign(request);
  } catch {
    return undefined;
  }
}

const isHash = (id: string | undefined) => /[0-9a-f]{64}$/.test(id ?? '');

/** The places whose value is a part of an event id, unless that is a hash of the body, and those that are its time. */
async function identifyingPlaces(inbox: ProviderInbox, { places, valueAt, withValueAt }: Variable, usual: Outcome) {
  const [ids, times]: [Place[], Place[]] = [[], []];
  for (const place of places.filter((each) => typeof valueAt(each) !== 'object' || valueAt(each) === null)) {
    const outcome = await outcomeOf(inbox, withValueAt(place, similar(valueAt(place))));
    const isOther = (id: string, index: number) => id !== usual.ids[index] && !isHash(usual.ids[index]);
    if (outcome?.ids.some(isOther)) ids.push(place);
    if (outcome?.times.some((time, index) => time !== usual.times[index])) times.push(place);
  }
  return { ids, times };
}

/** What an oddity came to, if it is not what the contract says. */
function failureOf(outcome: Outcome, value: unknown, isTime: boolean): string | undefined {
  const isTooOld = isTime && outcome.reasons.every((reason) => reason === 'outside_retention');
  if (outcome.status !== 'processed' && !isTooOld) return `${outcome.status} ${outcome.reasons.join(' ')}`;
  const isLeftOut = typeof value !== 'object' && String(value).length < 1_000;
  return isLeftOut || !outcome.data.includes(MARKER) ? undefined : 'is in data';
}

async function failuresOf(provider: ProviderName, request: VectorRequest): Promise<readonly string[]> {
  const inbox = providerInbox({ provider, keys: providers[provider]().signature.generateKeys() });
  const changing = variable(provider, request);
  const usual = await outcomeOf(inbox, request);
  if (usual?.status !== 'processed') return ['not processed as it is'];
  const { ids, times } = await identifyingPlaces(inbox, changing, usual);
  const isDescriptive = (place: Place) =>
    !ESSENTIAL[provider]?.includes(nameOf(place)) && !ids.some((id) => isWithin(id, place));
  const failures: string[] = [];
  for (const place of changing.places.filter(isDescriptive)) {
    for (const [name, value] of changing.oddities(place)) {
      const outcome = await outcomeOf(inbox, changing.withValueAt(place, value));
      const failure = outcome && failureOf(outcome, value, times.includes(place));
      if (failure) failures.push(`${[place].flat().join('.')} ${name}: ${failure}`);
    }
  }
  return failures;
}

/** The contract requires all four fields of the generic provider. */
const names = (Object.keys(providers) as ProviderName[]).filter((name) => name !== 'generic');

const REQUESTS = names.flatMap((provider) => {
  const { samples, variants } = readVector(provider);
  return [...samples, ...variants].map((request) => [provider, request.name ?? '', request] as const);
});

describe('An event is processed whatever the fields are that only describe it', () => {
  it.each(REQUESTS)('of %s: %s', async (provider, _, request) => {
    expect(await failuresOf(provider, request)).toEqual([]);
  });
});

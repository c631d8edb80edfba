import { decode, type Encoding } from '../../../lambda/signature/algorithm.ts';
import type { CauseName } from '../causes.ts';
import { type Delivery, withHeader } from '../delivery.ts';
import type { ProviderForm } from '../provider-forms.ts';
import { signaturePlaces } from '../signature-places.ts';
import type { Repair } from './repair.ts';

/** The headers with the signature as they may have been sent. */
export function* headerRepairs(delivery: Delivery, forms: readonly ProviderForm[]): Generator<Repair> {
  const known = new Set(forms.flatMap(({ headers }) => [...headers.keys()]));
  const looksSigned = signaturePlaces(delivery.request).map(({ header }) => header);
  const names = [...delivery.request.headers.keys()].filter((name) => known.has(name) || looksSigned.includes(name));
  for (const name of names) {
    yield* repeatedHeader(delivery, name);
    yield* changedValues(delivery, name, forms);
  }
  yield* renamedHeaders(delivery, forms);
  yield* otherProviders(delivery, forms);
}

function* repeatedHeader(delivery: Delivery, name: string): Generator<Repair> {
  const values = delivery.request.headers.get(name) ?? [];
  if (values.length < 2) return;
  for (const value of new Set(values)) {
    yield { name: 'header-repeated', detail: name, delivery: withHeader(delivery, name, [value]) };
  }
  // Some senders' lists of signatures are split into headers by a proxy.
  yield { name: 'header-repeated', detail: name, delivery: withHeader(delivery, name, [values.join(' ')]) };
}

type Change = readonly [CauseName, (value: string) => readonly string[]];

const CHANGES: readonly Change[] = [
  ['signature-quoted', (value) => [value.replace(/["']/g, '')]],
  ['signature-white-space', (value) => [value.replace(/\s+/g, ''), value.replace(/([=,:])\s+/g, '$1')]],
  ['signature-escaped', (value) => [percentDecoded(value), value.replaceAll(' ', '+')]],
  ['header-joined', (value) => (value.includes(', ') ? value.split(', ', 4) : value.split(',', 4))],
];

function* changedValues(delivery: Delivery, name: string, forms: readonly ProviderForm[]): Generator<Repair> {
  const [value = '', ...others] = delivery.request.headers.get(name) ?? [];
  if (others.length > 0) return;
  const prefixes = forms.flatMap(({ headers }) => prefixOf(headers.get(name)));
  const changes: readonly Change[] = [
    ...CHANGES,
    ['signature-prefix', (text) => [...new Set(prefixes)].map((prefix) => prefix + text.replace(PREFIX, ''))],
    ['signature-encoding', (text) => otherEncodings(text)],
  ];
  for (const [cause, change] of changes) {
    for (const changed of change(value)) {
      if (changed !== value) yield { name: cause, detail: name, delivery: withHeader(delivery, name, [changed]) };
    }
  }
}

const PREFIX = /^[A-Za-z][\w.-]{0,15}[=,: ]\s*/;

/** What precedes the signature in a header of a provider. */
function prefixOf(value: string | undefined): readonly string[] {
  return value === undefined ? [] : [PREFIX.exec(value)?.[0] ?? ''];
}

function percentDecoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}

const ENCODINGS: readonly Encoding[] = ['hex', 'base64', 'base64url'];

/** The signature at the end of the value in the other encodings. Base64 of hexadecimal is one, too. */
function otherEncodings(value: string): readonly string[] {
  const prefix = PREFIX.exec(value)?.[0] ?? '';
  const text = value.slice(prefix.length);
  const bytes = ENCODINGS.map((encoding) => decode(text, encoding)).find((each) => each !== undefined);
  if (!bytes) return [];
  const asText = bytes.toString('latin1');
  return [
    ...ENCODINGS.map((encoding) => bytes.toString(encoding)),
    ...(/^[\w+/=-]+$/.test(asText) ? [asText] : []),
  ].map((each) => prefix + each);
}

/** Frameworks and proxies rename headers: `HTTP_X_SIGNATURE`, `X-Original-Signature`. */
function* renamedHeaders(delivery: Delivery, forms: readonly ProviderForm[]): Generator<Repair> {
  for (const { headers, provider } of forms) {
    const missing = [...headers.keys()].filter((name) => !delivery.request.headers.has(name));
    const moved = missing.flatMap((name) => sameHeader(delivery, name));
    if (moved.length === 0) continue;
    const repaired = moved.reduce((result, { name, value }) => withHeader(result, name, [value]), delivery);
    const names = moved.map(({ name }) => name).join(', ');
    yield { name: 'header-renamed', detail: `${provider.title} sends ${names}`, delivery: repaired };
  }
}

/** A header whose name differs only in what frameworks and proxies change. */
function sameHeader({ request: { headers } }: Delivery, name: string) {
  const found = [...headers].find(([other]) => essential(other) === essential(name));
  const [value] = found?.[1] ?? [];
  return value === undefined ? [] : [{ name, value }];
}

const essential = (name: string) => name.replaceAll('_', '-').replace(/^(?:http-|x-|original-|forwarded-)+/, '');

/** The signature of a provider in the header of another one. */
function* otherProviders(delivery: Delivery, forms: readonly ProviderForm[]): Generator<Repair> {
  const branded = forms.filter(({ name }) => name !== 'generic');
  const places = signaturePlaces(delivery.request).flatMap(({ header }) => {
    const owner = branded.find(({ headers }) => headers.has(header));
    return owner ? [{ header, owner }] : [];
  });
  for (const { header, owner } of places) {
    for (const { name, provider, headers } of branded) {
      const [missing, ...others] = [...headers.keys()].filter((each) => !delivery.request.headers.has(each));
      if (missing === undefined || others.length > 0 || name === owner.name) continue;
      const repaired = withHeader(delivery, missing, delivery.request.headers.get(header) ?? []);
      const detail = `${header} is a header of ${owner.provider.title}, but ${provider.title} signs like this`;
      yield { name: 'other-provider', detail, delivery: repaired };
    }
  }
}

import type {
  CustomDefinition,
  CustomSignature,
  SignatureInHeaders,
} from '../../lambda/providers/custom/custom-definition.ts';
import { algorithmOf } from '../../lambda/providers/custom/custom-signature.ts';
import { isJsonObject, jsonValue } from '../../lambda/signature/json-body.ts';
import { onlyValue, type SignedRequest } from '../../lambda/signature/signed-request.ts';
import { readTemplate, templateContent } from '../../lambda/signature/signed-template.ts';
import type { Delivery } from './delivery.ts';
import { KNOWN_CONTENTS } from './known-contents.ts';
import { isOfSender, type SignaturePlace, signaturePlaces } from './signature-places.ts';
import { timeIn } from './times.ts';
import type { Tries } from './tries.ts';

/** A signature in headers that is made of the known parts. */
export type Composition = Exclude<CustomSignature, { readonly algorithm: 'token' | 'basic' | 'jwt' }> &
  SignatureInHeaders;

/** How a key may be used: the algorithm and how the key is written. */
type Keyed =
  | {
      readonly algorithm: 'hmac-sha1' | 'hmac-sha256' | 'hmac-sha512';
      readonly key: 'text' | 'hex' | 'base64' | 'whsec_';
    }
  | { readonly algorithm: 'ed25519' | 'ecdsa-p256'; readonly key: 'pem' | 'hex' | 'base64' }
  | { readonly algorithm: 'rsa-sha256'; readonly padding: 'pkcs1' | 'pss' };

/** Where a value is, and the value. */
interface Found<TPlace> {
  readonly place: TPlace;
  readonly text: string;
}

type TimePlace = NonNullable<SignatureInHeaders['timestamp']>;

/** More headers of a kind than senders sign. */
const MAX_HEADERS = 3;

/**
 * Finds the composition of known parts that a signature of the request was made with: the first text that looks like a
 * signature, with each form of the key, over each of the known contents. The time is not checked.
 */
export function findComposition(delivery: Delivery, tries: Tries): Composition | undefined {
  for (const candidate of candidatesIn(delivery)) {
    if (!tries.take(delivery.request.body.length)) return undefined;
    if (isSigned(candidate, delivery.secret)) return compose(candidate);
  }
  return undefined;
}

/** A signature, and how it may have been made. */
interface Candidate {
  readonly place: SignaturePlace;
  readonly keyed: Keyed;
  readonly content: Content;
}

function* candidatesIn({ request, secret }: Delivery): Generator<Candidate> {
  const times = timeHeaders(request);
  const ids = idHeaders(request);
  for (const place of signaturePlaces(request)) {
    const ofPlace = place.time ? [{ place: { prefix: place.time.prefix }, text: place.time.text }, ...times] : times;
    const contents = KNOWN_CONTENTS.flatMap((template) => contentsOf(template, request, { times: ofPlace, ids }));
    for (const content of contents) {
      for (const keyed of keyedFor(place, secret)) yield { place, keyed, content };
    }
  }
}

function isSigned({ place, keyed, content }: Candidate, secret: string): boolean {
  const { header, encoding, text } = place;
  return algorithmOf({ ...keyed, header, encoding }).verify(content.bytes, text, secret) === 'valid';
}

interface Content {
  readonly template: string;
  readonly bytes: readonly (string | Buffer)[];
  readonly time?: Found<TimePlace> | undefined;
  readonly id?: Found<string> | undefined;
}

/** The values that a template may have. */
interface Values {
  readonly times: readonly Found<TimePlace>[];
  readonly ids: readonly Found<string>[];
}

/** A template with each of the times and ids that it may have. */
function contentsOf(template: string, request: SignedRequest, { times, ids }: Values): readonly Content[] {
  const parts = readTemplate(template);
  if ('unknown' in parts) return [];
  const contentOf = templateContent(parts);
  const ofTemplate = template.includes('{timestamp}') ? times : [undefined];
  const pairs = ofTemplate.flatMap((time) =>
    (template.includes('{id}') ? ids : [undefined]).map((id) => ({ time, id })),
  );
  return pairs.flatMap(({ time, id }) => {
    const bytes = contentOf(request, { signatures: [], timestamp: time?.text, ...(id && { id: id.text }) });
    return bytes ? [{ template, bytes, time, id }] : [];
  });
}

/** A key of 2,048 bits, which is the shortest, signs with as many. */
const MIN_RSA_BYTES = 256;

const PADDINGS = ['pkcs1', 'pss'] as const;

/** A key form that reads a secret to the same bytes as one before it is left out. */
function keyedFor({ bytes }: SignaturePlace, secret: string): readonly Keyed[] {
  if (bytes.length >= MIN_RSA_BYTES) return PADDINGS.map((padding) => ({ algorithm: 'rsa-sha256', padding }));
  const forms = secret.includes('whsec_') ? (['text', 'whsec_'] as const) : (['text', 'hex', 'base64'] as const);
  const publicForms = secret.includes('-----BEGIN') ? (['pem'] as const) : (['hex', 'base64'] as const);
  const hmac = HMACS.get(bytes.length);
  const shared = hmac === undefined ? [] : forms.map((key) => ({ algorithm: hmac, key }));
  if (bytes.length === 64) return [...publicForms.map((key) => ({ algorithm: 'ed25519' as const, key })), ...shared];
  return hmac === undefined ? publicForms.map((key) => ({ algorithm: 'ecdsa-p256' as const, key })) : shared;
}

const HMACS: ReadonlyMap<number, 'hmac-sha1' | 'hmac-sha256' | 'hmac-sha512'> = new Map([
  [20, 'hmac-sha1'],
  [32, 'hmac-sha256'],
  [64, 'hmac-sha512'],
]);

function timeHeaders({ headers }: SignedRequest): readonly Found<TimePlace>[] {
  return senderHeaders(headers)
    .filter(([, text]) => timeIn(text) !== undefined)
    .map(([header, text]) => ({ place: { header }, text }))
    .slice(0, MAX_HEADERS);
}

const ID_NAME = /(?:^|[-_])(?:id|uuid|guid|nonce|delivery)$/;

function idHeaders({ headers }: SignedRequest): readonly Found<string>[] {
  return senderHeaders(headers)
    .filter(([name]) => ID_NAME.test(name))
    .map(([name, text]) => ({ place: name, text }))
    .slice(0, MAX_HEADERS);
}

function senderHeaders(headers: SignedRequest['headers']): readonly (readonly [string, string])[] {
  const names = [...headers.keys()].filter(isOfSender);
  return names.flatMap((name) => {
    const value = onlyValue(headers, name);
    return value === undefined ? [] : [[name, value] as const];
  });
}

function compose({ keyed, place, content: { template, time, id } }: Candidate): Composition {
  const { header, prefix, separator, encoding } = place;
  const format = time && timeIn(time.text)?.format;
  return {
    ...keyed,
    header,
    ...(prefix !== '' && { prefix }),
    ...(separator !== undefined && { separator }),
    encoding,
    content: template,
    ...(time && { timestamp: { ...time.place, ...(format !== undefined && { format }) } }),
    ...(id && { id: { header: id.place } }),
  };
}

/** A secret of fewer characters may be in a request by chance. */
const MIN_TOKEN = 8;

/** Where a request has the secret itself: in a header, in the query string, or in JSON. */
export function findToken({ request, secret }: Delivery): CustomDefinition['signature'] | undefined {
  if (secret.length < MIN_TOKEN) return undefined;
  const query = [...request.query].find(([, value]) => value === secret)?.[0];
  if (query !== undefined) return { algorithm: 'token', query };
  const pointer = pointerTo(secret, jsonValue(request.body), MAX_TOKEN_DEPTH);
  return tokenInHeader(request, secret) ?? (pointer === undefined ? undefined : { algorithm: 'token', pointer });
}

function tokenInHeader({ headers }: SignedRequest, secret: string): CustomDefinition['signature'] | undefined {
  if (onlyValue(headers, 'authorization') === basicCredentials(secret)) return { algorithm: 'basic' };
  for (const [header, value] of senderHeaders(headers)) {
    const prefix = value.endsWith(secret) ? value.slice(0, -secret.length) : undefined;
    if (prefix === '') return { algorithm: 'token', header };
    if (prefix !== undefined && /^[A-Za-z][\w.-]{0,15}[ =:] ?$/.test(prefix))
      return { algorithm: 'token', header, prefix };
  }
  return undefined;
}

const basicCredentials = (secret: string) => `Basic ${Buffer.from(secret).toString('base64')}`;

/** Deeper than senders put a token. */
const MAX_TOKEN_DEPTH = 3;

/** The JSON pointer to a text in the fields of objects. */
function pointerTo(text: string, value: unknown, depth: number): string | undefined {
  if (value === text) return '';
  if (depth === 0 || !isJsonObject(value)) return undefined;
  for (const [name, each] of Object.entries(value)) {
    const inner = pointerTo(text, each, depth - 1);
    if (inner !== undefined) return `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}${inner}`;
  }
  return undefined;
}

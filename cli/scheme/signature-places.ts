import { decode, type Encoding } from '../../lambda/signature/algorithm.ts';
import { onlyValue, type SignedRequest } from '../../lambda/signature/signed-request.ts';
import { timeIn } from './times.ts';

/** A text in a header that may be a signature, and the parts of the header around it. */
export interface SignaturePlace {
  /** In lower case. */
  readonly header: string;
  /** What precedes the signature, such as `sha256=`. */
  readonly prefix: string;
  /** What separates the parts of the header. @default - the header is one signature */
  readonly separator?: string | readonly string[];
  /** The part of the header that is a time. @default - none */
  readonly time?: { readonly prefix: string; readonly text: string };
  /** The signature without its prefix. */
  readonly text: string;
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

/** Headers of HTTP, browsers and proxies. None of them holds a signature of the sender. */
const OF_HTTP =
  /^(?:accept.*|cache-control|cdn-loop|cf-.*|connection|content-.*|cookie|date|digest|etag|expect|forwarded|from|host|if-.*|origin|pragma|priority|referer|sec-.*|te|trace(?:parent|state)|traceparent|transfer-encoding|upgrade.*|user-agent|via|x-amzn-.*|x-cloud-trace-context|x-envoy-.*|x-forwarded-.*|x-real-ip|x-request-id|x-correlation-id)$/;

/** Whether a header may be the sender's. */
export const isOfSender = (name: string) => !OF_HTTP.test(name);

/** A name such as `v1=`, `sha256=` or `v1,`, or a word such as `Bearer `. */
const PREFIX = '(?:[A-Za-z][\\w.-]{0,15}(?:[=:,] ?| ))?';
const SIGNATURE = new RegExp(`^(${PREFIX})([A-Za-z0-9+/_-]{27,}={0,2})$`);
const TIME = /^([A-Za-z][\w.-]{0,15}[=:])([\dTZ:.+-]+)$/;

const SEPARATORS = [',', ';', ' ', '&'] as const;

/** As many as a scheme reads. */
const MAX_PARTS = 20;

/** More than a request has. */
const MAX_PLACES = 6;

/** The texts in the headers that have the form and the length of a signature. */
export function signaturePlaces({ headers }: Pick<SignedRequest, 'headers'>): readonly SignaturePlace[] {
  const names = [...headers.keys()].filter(isOfSender);
  const places = names.flatMap((name) => placesIn(name, onlyValue(headers, name) ?? ''));
  return places.slice(0, MAX_PLACES);
}

/** The header as a whole, or else its parts at the first separator that leaves a signature. */
function placesIn(header: string, value: string): readonly SignaturePlace[] {
  const whole = placeIn(header, value);
  if (whole.length > 0) return whole;
  const bySeparator = SEPARATORS.filter((each) => value.includes(each)).map((each) =>
    partsAt(header, each, value.split(each, MAX_PARTS)),
  );
  const found = bySeparator.find((places) => places.length > 0) ?? [];
  const inSets = partsAt(header, SETS, value.split(/[ ,]/, MAX_PARTS));
  return inSets.length > found.length ? inSets : found;
}

/** Those of sets of parts, one for each key: `t=1,v1=ab t=1,v1=cd`. */
const SETS = [' ', ','];

function partsAt(header: string, separator: string | readonly string[], values: readonly string[]) {
  const parts = values.map((part) => part.trim());
  return parts.flatMap((part) => placeIn(header, part)).map((place) => inParts(place, separator, parts));
}

function placeIn(header: string, part: string): readonly SignaturePlace[] {
  const [, prefix = '', text = ''] = SIGNATURE.exec(part) ?? [];
  return ENCODINGS.flatMap((encoding) => {
    const bytes = decode(text, encoding);
    return bytes && isSignature(bytes) ? [{ header, prefix, text, encoding, bytes }] : [];
  }).slice(0, 1);
}

const ENCODINGS: readonly Encoding[] = ['hex', 'base64', 'base64url'];

/** The digests of HMACs, Ed25519, RSA with 2,048 to 4,096 bits, and ECDSA on P-256 in DER. */
const isSignature = (bytes: Buffer) =>
  [20, 32, 64, 256, 384, 512].includes(bytes.length) || (bytes[0] === 0x30 && bytes.length >= 68 && bytes.length <= 72);

function inParts(
  place: SignaturePlace,
  separator: string | readonly string[],
  parts: readonly string[],
): SignaturePlace {
  const times = parts.flatMap((part) => {
    const [, prefix = '', text = ''] = TIME.exec(part) ?? [];
    return timeIn(text) ? [{ prefix, text }] : [];
  });
  const [time] = times;
  return { ...place, separator, ...(time && { time }) };
}

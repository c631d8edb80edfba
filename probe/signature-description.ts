import { createHmac, randomBytes } from 'node:crypto';
import { UsageError } from '../cli/arguments.ts';
import type { Encoding } from '../lambda/signature/algorithm.ts';
import { inHeaders } from '../lambda/signature/carrier.ts';
import { iso8601, milliseconds, seconds, type TimeFormat } from '../lambda/signature/signed-time.ts';
import { jsonOf, leavesOf } from './place.ts';
import { fieldAt, type Sender } from './sender.ts';

/** What the parts of a description are, for `--help`. */
export const DESCRIPTION_HELP = `    header=NAME                    the signature's header
    prefix=TEXT                    what stands before the signature, such as sha256= (none)
    encoding=hex|base64            (hex)
    algorithm=sha1|sha256|sha512   of the HMAC (sha256)
    timestamp=NAME                 the header of the signed time (none)
    format=seconds|milliseconds|iso   how that time is written (seconds)
    tolerance=SECONDS              how old it may be (300)
    content=TEMPLATE               what is signed (the body), such as {timestamp}.{body}`;

const ALGORITHMS = ['sha1', 'sha256', 'sha512'] as const;
const ENCODINGS = ['hex', 'base64'] as const satisfies readonly Encoding[];
const FORMATS: Readonly<Record<string, TimeFormat>> = { seconds, milliseconds, iso: iso8601 };
const PARTS = ['header', 'prefix', 'encoding', 'algorithm', 'timestamp', 'format', 'tolerance', 'content'];

/** How requests are signed that are not a provider's of ours. */
export interface SignatureDescription {
  /** Headers, in lower case. */
  readonly header: string;
  readonly timestamp: string | undefined;
  readonly prefix: string;
  readonly encoding: Encoding;
  readonly algorithm: (typeof ALGORITHMS)[number];
  readonly format: TimeFormat;
  readonly toleranceSeconds: number;
  /** With `{timestamp}` and `{body}` in it. */
  readonly content: string;
}

/**
 * Reads a description such as `header=X-Signature,prefix=sha256=,encoding=hex`.
 * @throws {UsageError} for a part that is unknown, twice there or not valid
 */
export function readDescription(text: string): SignatureDescription {
  const parts = partsOf(text);
  const header = headerOf(parts, 'header');
  const timestamp = headerOf(parts, 'timestamp');
  const content = parts.get('content') ?? (timestamp === undefined ? '{body}' : '{timestamp}.{body}');
  if (header === undefined) throw new UsageError(`--signature needs header=NAME.\n\n${DESCRIPTION_HELP}`);
  if (!content.includes('{body}')) throw new UsageError('content of --signature must hold {body}.');
  return {
    header,
    timestamp,
    prefix: parts.get('prefix') ?? '',
    encoding: oneOf(parts, 'encoding', ENCODINGS, 'hex'),
    algorithm: oneOf(parts, 'algorithm', ALGORITHMS, 'sha256'),
    format: FORMATS[oneOf(parts, 'format', Object.keys(FORMATS), 'seconds')] ?? seconds,
    toleranceSeconds: toleranceOf(parts),
    content,
  };
}

function partsOf(text: string): ReadonlyMap<string, string> {
  const parts = new Map<string, string>();
  for (const part of text.split(',')) {
    const [, name = '', value = ''] = /^\s*(\w+)=(.*)$/.exec(part) ?? [];
    if (!PARTS.includes(name)) throw new UsageError(`--signature has no part "${part.trim()}".\n\n${DESCRIPTION_HELP}`);
    if (parts.has(name)) throw new UsageError(`--signature names ${name} twice.`);
    parts.set(name, value);
  }
  return parts;
}

function headerOf(parts: ReadonlyMap<string, string>, name: string): string | undefined {
  const header = parts.get(name);
  if (header === undefined || /^[\w!#$%&'*+.^`|~-]+$/.test(header)) return header?.toLowerCase();
  throw new UsageError(`${name} of --signature must be the name of a header, not "${header}".`);
}

function oneOf<T extends string>(
  parts: ReadonlyMap<string, string>,
  name: string,
  known: readonly T[],
  standard: T,
): T {
  const value = parts.get(name) ?? standard;
  const found = known.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${name} of --signature must be one of ${known.join(', ')}.`);
  return found;
}

function toleranceOf(parts: ReadonlyMap<string, string>): number {
  const text = parts.get('tolerance') ?? '300';
  if (!/^\d{1,9}$/.test(text)) throw new UsageError('tolerance of --signature must be whole seconds.');
  return Number(text);
}

/** What an endpoint that is no provider's of ours takes. */
export interface DescribedEvents {
  /** A valid body; of JSON, fields can be found in it. */
  readonly body: Buffer;
  readonly contentType: string;
  /** The event's id in the body, such as `event_id`. */
  readonly idField: string | undefined;
  /** The event's own time in the body. */
  readonly timeField: string | undefined;
}

/**
 * A sender by its description.
 * @param name as it is to be reported
 * @throws {UsageError} where the body has no such field
 */
export function describedSender(
  name: string,
  described: SignatureDescription,
  events: DescribedEvents,
  url: string,
): Sender {
  const sample = () => ({
    method: 'POST',
    url,
    query: new URL(url).searchParams,
    headers: new Map([['content-type', [events.contentType]]]),
    body: events.body,
  });
  const find = (field: string | undefined) => (field === undefined ? undefined : fieldOf(sample(), field));
  const [idField, timeAt] = [find(events.idField), find(events.timeField)];
  const isTaken = ({ path }: { path: readonly string[] }) =>
    [events.idField, events.timeField].includes(path.join('.'));
  return {
    name,
    isGeneric: false,
    methods: ['POST'],
    contentTypes: [events.contentType.split(';')[0]?.trim().toLowerCase() ?? ''],
    signsEveryByte: true,
    toleranceSeconds: described.timestamp === undefined ? undefined : described.toleranceSeconds,
    idAt: idField,
    idField,
    needsId: idField !== undefined,
    timeAt,
    contentAt: leavesOf(jsonOf(sample())).find((place) => 'path' in place && !isTaken(place)),
    sample,
    sign(request, key, now) {
      const time = described.format.format(now);
      const signature = createHmac(described.algorithm, key).update(contentOf(described, time, request.body));
      const claim = { signatures: [signature.digest(described.encoding)], timestamp: time };
      const { header, prefix, timestamp } = described;
      return inHeaders({ signature: header, prefix, ...(timestamp !== undefined && { timestamp }) }).write(
        request,
        claim,
      );
    },
    makeUpKey: () => randomBytes(32).toString('hex'),
  };
}

/** The body's bytes as they are, also those that are no text. */
function contentOf({ content }: SignatureDescription, time: string, body: Buffer): Buffer {
  const pieces = content.replaceAll('{timestamp}', time).split('{body}');
  return Buffer.concat(
    pieces.flatMap((piece, index) => (index === 0 ? [Buffer.from(piece)] : [body, Buffer.from(piece)])),
  );
}

function fieldOf(sample: Parameters<typeof fieldAt>[0], field: string) {
  const place = fieldAt(sample, field);
  if (!place) throw new UsageError(`The sample body has no text or number in a field ${field}.`);
  return place;
}

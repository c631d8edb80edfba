import { createHmac, randomBytes } from 'node:crypto';
import { UsageError } from '../cli/arguments.ts';
import { inHeaders } from '../lambda/signature/carrier.ts';
import type { SignedRequest } from '../lambda/signature/signed-request.ts';
import { jsonOf, leavesOf, type Place } from './place.ts';
import { fieldAt, type Sender } from './sender.ts';
import type { SignatureDescription } from './signature-description.ts';

/** Events that an endpoint with a described signature accepts. */
export interface DescribedEvents {
  /** A valid body. Fields are found only in JSON. */
  readonly body: Buffer;
  readonly contentType: string;
  /** Field of the event's id, such as `data.id`; undefined if it is unknown. */
  readonly idField: string | undefined;
  /** Field of the event's time; undefined if it is unknown. */
  readonly timeField: string | undefined;
}

/**
 * Builds a sender from the description of its signature.
 * @param name as the report shows it
 * @throws {UsageError} if the body does not have the id's or the time's field
 */
export function describedSender(
  name: string,
  description: SignatureDescription,
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
  return {
    name,
    isGeneric: false,
    methods: ['POST'],
    contentTypes: [events.contentType.split(';')[0]?.trim().toLowerCase() ?? ''],
    signsEveryByte: true,
    toleranceSeconds: description.timestamp === undefined ? undefined : description.toleranceSeconds,
    ...placesOf(sample(), events),
    needsId: events.idField !== undefined,
    sample,
    sign: (request, key, now) => sign(description, request, key, now),
    generateKey: () => randomBytes(32).toString('hex'),
  };
}

function placesOf(sample: SignedRequest, { idField, timeField }: DescribedEvents) {
  const id = placeOf(sample, idField);
  const isOther = (place: Place) => 'path' in place && ![idField, timeField].includes(place.path.join('.'));
  return {
    idAt: id,
    idField: id,
    timeAt: placeOf(sample, timeField),
    contentAt: leavesOf(jsonOf(sample)).find(isOther),
  };
}

function placeOf(sample: SignedRequest, field: string | undefined): Place | undefined {
  if (field === undefined) return undefined;
  const place = fieldAt(sample, field);
  if (!place) throw new UsageError(`The sample body has no string or number in the field ${field}.`);
  return place;
}

function sign(description: SignatureDescription, request: SignedRequest, key: string, now: number): SignedRequest {
  const { header, prefix, timestamp, algorithm, encoding, format } = description;
  const time = format.format(now);
  const signature = createHmac(algorithm, key)
    .update(signedContent(description, time, request.body))
    .digest(encoding);
  const carrier = inHeaders({ signature: header, prefix, ...(timestamp !== undefined && { timestamp }) });
  return carrier.write(request, { signatures: [signature], timestamp: time });
}

/** Keeps the bytes of the body, even if they are not text. */
function signedContent({ content }: SignatureDescription, time: string, body: Buffer): Buffer {
  const pieces = content.replaceAll('{timestamp}', time).split('{body}');
  return Buffer.concat(
    pieces.flatMap((piece, index) => (index === 0 ? [Buffer.from(piece)] : [body, Buffer.from(piece)])),
  );
}

import { isUtf8 } from 'node:buffer';
import { createHash } from 'node:crypto';
import { decodePayload } from '../lambda/payloads/decode-payload.ts';
import type { PayloadAttributes } from '../lambda/payloads/payload.ts';
import type { InboxEvent, PayloadOf } from './inbox-event.ts';

/**
 * The clients that payloads are read with, of any version 3 of the AWS SDK. A consumer needs both: the size of a payload
 * decides which of them reads it.
 */
export interface PayloadClients {
  /** `DynamoDBDocument.from(new DynamoDB())`. It needs `dynamodb:GetItem` on the inbox's events table. */
  readonly documents: {
    readonly get: (input: ItemInput) => Promise<{ readonly Item?: Readonly<Record<string, unknown>> | undefined }>;
  };
  /** `new S3()`. It needs `s3:GetObject` on the objects of the inbox's payload bucket. */
  readonly s3: {
    readonly getObject: (input: ObjectInput) => Promise<{ readonly Body?: ObjectBody | undefined }>;
  };
}

interface ItemInput {
  readonly TableName: string;
  readonly Key: Record<string, string>;
  readonly ProjectionExpression: string;
  readonly ConsistentRead: true;
}

interface ObjectInput {
  readonly Bucket: string;
  readonly Key: string;
}

interface ObjectBody {
  readonly transformToByteArray: () => Promise<Uint8Array>;
}

/** The payload of an event cannot be read, and a retry does not change that. */
export class PayloadError extends Error {
  override readonly name = 'PayloadError';
  /**
   * - `not_found`: the item or the object does not exist any more: it has expired, or someone has deleted it
   * - `changed`: the payload is not the one that the event was put on the bus with
   */
  readonly code: 'not_found' | 'changed';

  constructor(code: PayloadError['code'], message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

/**
 * The payload of an event: that of `detail`, or the one that was too large for the bus, from the events table or the payload
 * bucket. A payload that was read, and one that is in `detail` as text, is compared with `payload_sha256`.
 * @returns the parsed JSON; the text, if the payload is not JSON; the bytes, if an operator has accepted some that are not
 * UTF-8
 * @throws {PayloadError} if the payload does not exist any more, or is another one
 * @throws the SDK's errors, such as that of a missing permission
 */
export async function readPayload<TEvent extends InboxEvent>(
  { detail }: TEvent,
  clients: PayloadClients,
): Promise<PayloadOf<TEvent>>;
export async function readPayload({ detail }: InboxEvent, clients: PayloadClients): Promise<unknown> {
  const { payload_text } = detail;
  if (payload_text === undefined && !detail.payload_omitted) return detail.payload;
  const bytes = payload_text === undefined ? await readOmitted(detail, clients) : Buffer.from(payload_text);
  if (bytes && sha256Of(bytes) === detail.payload_sha256) return isUtf8(bytes) ? parse(bytes.toString()) : bytes;
  throw new PayloadError('changed', `The payload of ${detail.id} is not the one that its event was sent with.`);
}

type Omitted = Extract<InboxEvent['detail'], { readonly payload_omitted: true }>;

async function readOmitted(detail: Omitted, { documents, s3 }: PayloadClients): Promise<Buffer | undefined> {
  if (detail.payload_object !== undefined) return decodePayload(detail, await readObject(detail, s3));
  const { Item } = await documents.get({
    TableName: detail.table,
    Key: { id: detail.id },
    ProjectionExpression: 'payload, payload_encoding',
    ConsistentRead: true,
  });
  if (Item) return decodePayload(Item as Partial<PayloadAttributes>);
  throw new PayloadError('not_found', `The table ${detail.table} has no item ${detail.id} with the payload any more.`);
}

async function readObject(
  { id, bucket, payload_object }: Extract<Omitted, { readonly bucket: string }>,
  s3: PayloadClients['s3'],
): Promise<Uint8Array | undefined> {
  try {
    const { Body } = await s3.getObject({ Bucket: bucket, Key: payload_object });
    return await Body?.transformToByteArray();
  } catch (cause) {
    if (!(cause instanceof Error) || cause.name !== 'NoSuchKey') throw cause;
    const message = `The bucket ${bucket} has no object ${payload_object} with the payload of ${id} any more.`;
    throw new PayloadError('not_found', message, { cause });
  }
}

const sha256Of = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** As the forwarder tells JSON from text. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

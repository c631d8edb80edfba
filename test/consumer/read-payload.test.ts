import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { S3 } from '@aws-sdk/client-s3';
import { DynamoDBDocument } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type InboxEvent, type PayloadClients, readPayload } from 'webhook-inbox/consumer';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import { localPayloadBucket } from '../../cli/local/local-payload-bucket.ts';
import { PAYLOAD_BUCKET_NAME } from '../../cli/local/serve-payload.ts';
import type { EventItem } from '../../lambda/events/event-item.ts';
import { toBusEntry } from '../../lambda/forwarder/bus-entry.ts';
import { encodePayload } from '../../lambda/payloads/encode-payload.ts';
import { busEvent } from '../support/bus-event.ts';
import { incompressibleText } from '../support/generic-event.ts';
import { storedItem } from '../support/stream.ts';

const PLACES = { tableName: 'events', payloadBucketName: PAYLOAD_BUCKET_NAME };

/** JSON that fits into an item only if it is compressed, and into no entry of the bus. */
const LARGE = JSON.stringify({ text: 'webhook '.repeat(150_000) });

/** JSON that fits into no item. */
const HUGE = JSON.stringify({ text: incompressibleText(600_000) });

const sha256Of = (text: string) => createHash('sha256').update(text).digest('hex');

/** The event that the forwarder puts on the bus for an item. */
const forwarded = (item: EventItem) => busEvent(toBusEntry(item, PLACES));

/** The clients of an event that has its payload. */
const noClients: PayloadClients = {
  documents: { get: () => Promise.reject(new Error('no item is read here')) },
  s3: { getObject: () => Promise.reject(new Error('no object is read here')) },
};

describe('the payload of an event', () => {
  it.each([
    ['an object', '{"event_id":"evt_1","n":1.50}', { event_id: 'evt_1', n: 1.5 }],
    ['null', 'null', null],
    ['a form', 'CallSid=CA1&Body=hello', 'CallSid=CA1&Body=hello'],
    ['an empty payload', '', ''],
  ])('that the bus has is that of the event: %s', async (_, payload, expected) => {
    expect(await readPayload(forwarded(storedItem({ payload })), noClients)).toEqual(expected);
  });

  it('that is text because of its integers is parsed', async () => {
    const payload = '{"id":12345678901234567890123,"name":"a"}';
    const event = withDetail({ payload: undefined, payload_text: payload, payload_sha256: sha256Of(payload) });
    expect(await readPayload(event, noClients)).toEqual({ id: 1.2345678901234568e22, name: 'a' });
  });

  it('that is text is compared with the hash of the event', async () => {
    const event = withDetail({
      payload: undefined,
      payload_text: '{"amount":1}',
      payload_sha256: sha256Of('{"amount":2}'),
    });
    await expect(readPayload(event, noClients)).rejects.toMatchObject({ name: 'PayloadError', code: 'changed' });
  });
});

describe('the payload of an event that was too large for the bus', () => {
  const payloads = localPayloadBucket();
  let dynamodb: EmbeddedDynamodb;
  let documents: DynamoDBDocument;
  let clients: PayloadClients;

  beforeAll(async () => {
    dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: PLACES.tableName, payloads });
    documents = DynamoDBDocument.from(dynamodb.client);
    const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
    const s3 = new S3({ endpoint: dynamodb.endpoint, region: 'us-east-1', credentials, forcePathStyle: true });
    clients = { documents, s3 };
  });

  afterAll(() => dynamodb.stop());

  /** Stores the payload as the receiver does, and forwards its item. */
  async function stored(payload: string, changes: Partial<EventItem> = {}): Promise<InboxEvent> {
    const { payload: _, ...rest } = storedItem(changes);
    const { attributes, object } = encodePayload(Buffer.from(payload), { source: 'partner', otherBytes: 500 });
    if (object) await payloads.put(object, Number.POSITIVE_INFINITY);
    const item = { ...rest, ...attributes };
    await documents.put({ TableName: PLACES.tableName, Item: item });
    return forwarded(item);
  }

  it('is read from the item and decompressed', async () => {
    const event = await stored(LARGE);
    expect(event.detail).toMatchObject({ payload_omitted: true, table: 'events' });
    expect(await readPayload(event, clients)).toEqual(JSON.parse(LARGE));
  });

  it('is read from the object of the bucket if it is too large for an item', async () => {
    const event = await stored(HUGE);
    expect(event.detail).toMatchObject({ payload_omitted: true, bucket: PAYLOAD_BUCKET_NAME });
    expect(await readPayload(event, clients)).toEqual(JSON.parse(HUGE));
  });

  it('is decompressed if the object is', async () => {
    const text = `{"text":"${incompressibleText(600_000)}"}`;
    const key = `partner/${sha256Of(text)}`;
    await payloads.put({ key, bytes: gzipSync(text) }, Number.POSITIVE_INFINITY);
    const { payload: _, ...rest } = storedItem({ payload_object: key, payload_encoding: 'gzip' });
    const event = forwarded({ ...rest, payload_sha256: sha256Of(text) });
    expect(await readPayload(event, clients)).toEqual(JSON.parse(text));
  });

  it('is text if it is not JSON', async () => {
    const form = `Body=${'webhook+'.repeat(150_000)}`;
    expect(await readPayload(await stored(form), clients)).toBe(form);
  });

  it('is bytes if an operator has accepted some that are not UTF-8', async () => {
    const bytes = Buffer.from([0xff, 0x00, 0x7b]);
    const { payload: _, ...rest } = storedItem({ id: 'partner#bytes', origin: 'accepted', data: {} });
    const item = { ...rest, ...encodePayload(bytes, { source: 'partner', otherBytes: 500 }).attributes };
    await documents.put({ TableName: PLACES.tableName, Item: item });
    const { payload_text, payload: __, ...detail } = forwarded(item).detail;
    const event = withDetail({ ...detail, payload: undefined, payload_omitted: true, table: PLACES.tableName });
    expect(await readPayload(event, clients)).toEqual(bytes);
  });

  it('is reported as gone, by the item, once that is deleted', async () => {
    const event = await stored(LARGE, { id: 'partner#gone' });
    await documents.delete({ TableName: PLACES.tableName, Key: { id: 'partner#gone' } });
    await expect(readPayload(event, clients)).rejects.toMatchObject({
      name: 'PayloadError',
      code: 'not_found',
      message: 'The table events has no item partner#gone with the payload any more.',
    });
  });

  it('is reported as gone, by the object, once that is deleted', async () => {
    const key = `partner/${'0f'.repeat(32)}`;
    const { payload: _, ...rest } = storedItem({ payload_object: key });
    await expect(readPayload(forwarded(rest), clients)).rejects.toMatchObject({
      name: 'PayloadError',
      code: 'not_found',
      message: `The bucket ${PAYLOAD_BUCKET_NAME} has no object ${key} with the payload of partner#evt_1 any more.`,
    });
  });

  it.each([
    ['in the item', { payload: '{"other":true}', payload_encoding: undefined }],
    ['moved to an object', { payload: undefined, payload_object: 'partner/0f' }],
  ])('is never another one that has replaced it: %s', async (_, changes) => {
    const event = await stored(LARGE, { id: 'partner#replaced' });
    const client = DynamoDBDocument.from(dynamodb.client, { marshallOptions: { removeUndefinedValues: true } });
    await client.put({ TableName: PLACES.tableName, Item: { ...storedItem({ id: 'partner#replaced' }), ...changes } });
    await expect(readPayload(event, clients)).rejects.toMatchObject({
      name: 'PayloadError',
      code: 'changed',
      message: 'The payload of partner#replaced is not the one that its event was sent with.',
    });
  });

  it('is never another one that has replaced the object', async () => {
    const key = `partner/${'1e'.repeat(32)}`;
    await payloads.put({ key, bytes: Buffer.from('{"other":true}') }, Number.POSITIVE_INFINITY);
    const { payload: _, ...rest } = storedItem({ payload_object: key });
    await expect(readPayload(forwarded(rest), clients)).rejects.toMatchObject({ code: 'changed' });
  });

  it("is reported with the SDK's own error if the table cannot be read", async () => {
    const event = busEvent(toBusEntry(await itemOf(LARGE), { ...PLACES, tableName: 'other' }));
    await expect(readPayload(event, clients)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  async function itemOf(payload: string): Promise<EventItem> {
    const { payload: _, ...rest } = storedItem();
    return { ...rest, ...encodePayload(Buffer.from(payload), { source: 'partner', otherBytes: 500 }).attributes };
  }
});

/** An event with other fields in its detail, in which an undefined one is missing. */
function withDetail(changes: Readonly<Record<string, unknown>>): InboxEvent {
  const event = forwarded(storedItem());
  return JSON.parse(JSON.stringify({ ...event, detail: { ...event.detail, ...changes } }));
}

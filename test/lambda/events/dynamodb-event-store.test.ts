import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { abortAt, type OpenDeadline } from '../../../lambda/aws/deadline.ts';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../../lambda/events/dynamodb-event-store.ts';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { dynamodbClient } from '../../support/aws-clients.ts';
import { neverPasses } from '../../support/deadlines.ts';
import { failWith, neverAnswers } from '../../support/faults.ts';
import { type Behaviour, startFaultyServer } from '../../support/faulty-server.ts';
import { startInbox, TABLE_NAME } from '../../support/inbox.ts';

const item: EventItem = {
  id: 'partner#evt_1',
  source: 'partner',
  provider: 'generic',
  event_id: 'evt_1',
  received_at: '2026-03-01T12:00:00.000Z',
  expires_at: 1_900_000_000,
  data: { there: 'a', missing: undefined },
  payload: '{}',
  payload_sha256: 'a',
};

/** @param openDeadline is given a deadline 50 ms from now */
const storeOf = (client: DynamoDBClient, openDeadline: OpenDeadline = neverPasses) => {
  const store = dynamodbEventStore(documentClient(client), TABLE_NAME, openDeadline);
  return (each = item, immutable = true) => store.put(each, immutable, performance.now() + 50);
};

async function putTo(behaviour: Behaviour, openDeadline?: OpenDeadline) {
  await using server = await startFaultyServer(behaviour);
  return await storeOf(dynamodbClient(server.endpoint), openDeadline)();
}

describe('The events table', () => {
  it('has no attribute for a value that the provider did not send', async () => {
    await using inbox = await startInbox();
    expect(await storeOf(inbox.dynamodb.client)()).toEqual({ status: 'processed' });
    expect(await inbox.items()).toMatchObject([{ data: { M: { there: { S: 'a' } } } }]);
  });

  it('reports the same payload under the same id as a duplicate that does not differ', async () => {
    await using inbox = await startInbox();
    const put = storeOf(inbox.dynamodb.client);
    await put();
    expect(await put()).toEqual({ status: 'duplicate', differs: false });
    expect(await put(item, false)).toEqual({ status: 'duplicate', differs: false });
  });

  it('reports another payload under the same id as a conflict, and returns the stored payload', async () => {
    await using inbox = await startInbox();
    const put = storeOf(inbox.dynamodb.client);
    await put();
    const other = { ...item, payload_sha256: 'b' };
    expect(await put(other)).toEqual({ status: 'conflict', stored: { payload: '{}', payload_sha256: 'a' } });
  });

  it('reports another payload as a duplicate that differs, if the provider changes payloads between deliveries', async () => {
    await using inbox = await startInbox();
    const put = storeOf(inbox.dynamodb.client);
    await put();
    expect(await put({ ...item, payload_sha256: 'b' }, false)).toEqual({ status: 'duplicate', differs: true });
  });

  it('returns the attributes of a stored payload that is compressed in the payload bucket', async () => {
    await using inbox = await startInbox();
    const put = storeOf(inbox.dynamodb.client);
    const { payload: _, ...rest } = item;
    const stored = { payload_object: 'partner/a', payload_encoding: 'gzip', payload_sha256: 'a' } as const;
    await put({ ...rest, ...stored });
    expect(await put({ ...item, payload_sha256: 'b' })).toEqual({ status: 'conflict', stored });
  });

  it('treats a stored item that DynamoDB does not return as another payload', async () => {
    expect(await putTo(failWith(400, 'ConditionalCheckFailedException'))).toEqual({ status: 'conflict', stored: {} });
  });

  it('returns the error because of which an item was not stored', async () => {
    const denied = await putTo(failWith(400, 'AccessDeniedException'));
    expect(denied).toEqual({ unavailable: expect.objectContaining({ name: 'AccessDeniedException' }) });
  });

  it('ends a write at its deadline, in real time', async () => {
    const late = await putTo(neverAnswers, abortAt);
    expect(late).toEqual({ unavailable: expect.objectContaining({ name: 'AbortError' }) });
  });

  it('throws if DynamoDB finds the request malformed, which is a defect', async () => {
    await expect(putTo(failWith(400, 'ValidationException'))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

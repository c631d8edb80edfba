import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { abortAt, type OpenDeadline } from '../../../lambda/aws/deadline.ts';
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

/** @param openDeadline is called with a deadline 50 ms from now */
const put = (client: DynamoDBClient, each = item, openDeadline: OpenDeadline = neverPasses) =>
  dynamodbEventStore(client, TABLE_NAME, openDeadline).put(each, true, performance.now() + 50);

async function putTo(behaviour: Behaviour, openDeadline?: OpenDeadline) {
  await using server = await startFaultyServer(behaviour);
  return await put(dynamodbClient(server.endpoint), item, openDeadline);
}

describe('The event store', () => {
  it('writes no attribute for a field that is undefined', async () => {
    await using inbox = await startInbox();
    expect(await put(inbox.dynamodb.client)).toBe('processed');
    expect(await inbox.items()).toMatchObject([{ data: { M: { there: { S: 'a' } } } }]);
  });

  it('reports a duplicate for the same payload, and a conflict for another one under the same id', async () => {
    await using inbox = await startInbox();
    await put(inbox.dynamodb.client);
    expect(await put(inbox.dynamodb.client)).toBe('duplicate');
    expect(await put(inbox.dynamodb.client, { ...item, payload_sha256: 'b' })).toBe('conflict');
  });

  it('reports a conflict if DynamoDB does not return the old item', async () => {
    expect(await putTo(failWith(400, 'ConditionalCheckFailedException'))).toBe('conflict');
  });

  it('returns the error that kept an item from being stored', async () => {
    const denied = await putTo(failWith(400, 'AccessDeniedException'));
    expect(denied).toEqual({ unavailable: expect.objectContaining({ name: 'AccessDeniedException' }) });
  });

  it('gives up, in real time, on a write that is not answered by its deadline', async () => {
    const late = await putTo(neverAnswers, abortAt);
    expect(late).toEqual({ unavailable: expect.objectContaining({ name: 'AbortError' }) });
  });

  it('throws if DynamoDB finds the request malformed, which is a defect', async () => {
    await expect(putTo(failWith(400, 'ValidationException'))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { dynamodbEventStore } from '../../../lambda/events/dynamodb-event-store.ts';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { failWith, neverAnswers } from '../../support/faults.ts';
import { type Behaviour, limitedClient, startFaultyServer } from '../../support/faulty-server.ts';
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

const inASecond = () => performance.now() + 1_000;
const put = (client: DynamoDBClient, each = item, deadline = inASecond()) =>
  dynamodbEventStore(client, TABLE_NAME).put(each, true, deadline);

async function putTo(behaviour: Behaviour, deadline = inASecond()) {
  await using server = await startFaultyServer(behaviour);
  return await put(limitedClient(server.endpoint), item, deadline);
}

describe('the events table', () => {
  it('has no attribute for what a provider did not send', async () => {
    await using inbox = await startInbox();
    expect(await put(inbox.dynamodb.client)).toBe('processed');
    expect(await inbox.items()).toMatchObject([{ data: { M: { there: { S: 'a' } } } }]);
  });

  it('tells the same payload from another', async () => {
    await using inbox = await startInbox();
    await put(inbox.dynamodb.client);
    expect(await put(inbox.dynamodb.client)).toBe('duplicate');
    expect(await put(inbox.dynamodb.client, { ...item, payload_sha256: 'b' })).toBe('conflict');
  });

  it('takes an old item that it is not shown for another', async () => {
    expect(await putTo(failWith(400, 'ConditionalCheckFailedException'))).toBe('conflict');
  });

  it('says what keeps an item from being stored', async () => {
    const denied = await putTo(failWith(400, 'AccessDeniedException'));
    expect(denied).toEqual({ unavailable: expect.objectContaining({ name: 'AccessDeniedException' }) });
  });

  it('says that the time was up', async () => {
    const late = await putTo(neverAnswers, performance.now() + 50);
    expect(late).toEqual({ unavailable: expect.objectContaining({ name: 'AbortError' }) });
  });

  it('throws where what it was given is malformed: that is a defect', async () => {
    await expect(putTo(failWith(400, 'ValidationException'))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

import { describe, expect, it } from '@jest/globals';
import { abortAt, type OpenDeadline } from '../../../lambda/aws/deadline.ts';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import { dynamodbQuarantine } from '../../../lambda/quarantine/dynamodb-quarantine.ts';
import type { QuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { dynamodbClient } from '../../support/aws-clients.ts';
import { neverPasses } from '../../support/deadlines.ts';
import { failWith, neverAnswers } from '../../support/faults.ts';
import { type Behaviour, startFaultyServer } from '../../support/faulty-server.ts';
import { startInbox } from '../../support/inbox.ts';

const item: QuarantineItem = {
  id: 'partner#aa',
  source: 'partner',
  provider: 'generic',
  reason: 'not_json',
  issues: [],
  received_at: '2026-03-01T12:00:00.000Z',
  expires_at: 1_900_000_000,
  headers: {},
  payload: '{',
  payload_sha256: 'aa',
};

async function putTo(behaviour: Behaviour, openDeadline: OpenDeadline = neverPasses) {
  await using server = await startFaultyServer(behaviour);
  const documents = documentClient(dynamodbClient(server.endpoint));
  return await dynamodbQuarantine(documents, 'quarantine', openDeadline).put(item, performance.now() + 50);
}

describe('The quarantine table', () => {
  it('holds one item per id: the last one', async () => {
    await using inbox = await startInbox();
    const { client, quarantineTableName } = inbox.dynamodb;
    const quarantine = dynamodbQuarantine(documentClient(client), quarantineTableName, neverPasses);
    expect(await quarantine.put(item, 0)).toBeUndefined();
    expect(await quarantine.put({ ...item, received_at: '2026-03-02T12:00:00.000Z' }, 0)).toBeUndefined();
    expect(await inbox.quarantined()).toMatchObject([
      { id: { S: 'partner#aa' }, received_at: { S: '2026-03-02T12:00:00.000Z' }, payload: { S: '{' } },
    ]);
  });

  it('returns the error because of which an item was not stored', async () => {
    const denied = await putTo(failWith(400, 'AccessDeniedException'));
    expect(denied).toEqual({ unavailable: expect.objectContaining({ name: 'AccessDeniedException' }) });
  });

  it('ends a write at its deadline, in real time', async () => {
    expect(await putTo(neverAnswers, abortAt)).toEqual({
      unavailable: expect.objectContaining({ name: 'AbortError' }),
    });
  });

  it('throws if DynamoDB finds the request malformed, which is a defect', async () => {
    await expect(putTo(failWith(400, 'ValidationException'))).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

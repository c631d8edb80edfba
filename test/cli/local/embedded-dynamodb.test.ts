import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { describe, expect, it } from '@jest/globals';
import { startEmbeddedDynamodb } from '../../../cli/local/embedded-dynamodb.ts';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../../lambda/events/dynamodb-event-store.ts';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { neverPasses } from '../../support/deadlines.ts';

const TableName = 'events';

async function start(dataDir?: string) {
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: TableName, dataDir });
  const documents = DynamoDBDocumentClient.from(dynamodb.client);
  return {
    ...dynamodb,
    put: (Item: Record<string, unknown>, condition: Partial<PutCommand['input']> = {}) =>
      documents.send(new PutCommand({ TableName, Item, ...condition })),
    ids: async () => {
      const { Items = [] } = await documents.send(new ScanCommand({ TableName }));
      return Items.map(({ id }) => id).sort();
    },
    [Symbol.asyncDispose]: dynamodb.stop,
  };
}

const ifNew = { ConditionExpression: 'attribute_not_exists(id)' };
const asked = { ...ifNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } as const;

describe('the embedded DynamoDB', () => {
  it('returns the old item with a failed condition if the request asks for it', async () => {
    await using dynamodb = await start();
    await dynamodb.put({ id: 'a', payload: 'first' });
    const error = await dynamodb.put({ id: 'a', payload: 'second' }, asked).catch((each) => each);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error.Item).toEqual({ id: { S: 'a' }, payload: { S: 'first' } });
  });

  it('returns no old item if the request does not ask for it', async () => {
    await using dynamodb = await start();
    await dynamodb.put({ id: 'a' });
    const error = await dynamodb.put({ id: 'a' }, ifNew).catch((each) => each);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error.Item).toBeUndefined();
  });

  it('returns no old item if there is none', async () => {
    await using dynamodb = await start();
    const ifThere = { ...asked, ConditionExpression: 'attribute_exists(id)' };
    const error = await dynamodb.put({ id: 'a' }, ifThere).catch((each) => each);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error.Item).toBeUndefined();
  });

  it('deletes expired items, and no others', async () => {
    await using dynamodb = await start();
    const now = Math.floor(Date.now() / 1000);
    await dynamodb.put({ id: 'expired', expires_at: now - 60 });
    await dynamodb.put({ id: 'live', expires_at: now + 60 });
    await dynamodb.put({ id: 'for ever' });
    await dynamodb.deleteExpired();
    expect(await dynamodb.ids()).toEqual(['for ever', 'live']);
  });

  it('does not change how the store writes undefined fields when it deletes items', async () => {
    await using dynamodb = await start();
    const store = dynamodbEventStore(documentClient(dynamodb.client), TableName, neverPasses);
    await dynamodb.deleteExpired();
    const item = {
      id: 'a',
      received_at: '2026-03-01T12:00:00.250Z',
      data: { type: undefined },
    } as unknown as EventItem;
    expect(await store.put(item, true, 0)).toEqual({ status: 'processed' });
  });

  it('saves its table in dataDir from one start to the next', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'embedded-dynamodb-'));
    try {
      {
        await using dynamodb = await start(folder);
        await dynamodb.put({ id: 'a' });
      }
      await using dynamodb = await start(folder);
      expect(await dynamodb.ids()).toEqual(['a']);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('listens on the loopback interface only, and forgets its table without dataDir', async () => {
    {
      await using dynamodb = await start();
      expect(new URL(dynamodb.endpoint).hostname).toBe('127.0.0.1');
      await dynamodb.put({ id: 'a' });
    }
    await using dynamodb = await start();
    expect(await dynamodb.ids()).toEqual([]);
  });
});

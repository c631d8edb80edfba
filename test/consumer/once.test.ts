import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocument, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { InProgressError, once } from 'webhook-inbox/consumer';
import { type EmbeddedDynamodb, localClient, startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import { toBusEntry } from '../../lambda/forwarder/bus-entry.ts';
import { dynamodbClient } from '../support/aws-clients.ts';
import { busEvent } from '../support/bus-event.ts';
import { passOn, startFaultyServer } from '../support/faulty-server.ts';
import { NOW } from '../support/generic-event.ts';
import { storedItem } from '../support/stream.ts';
import { startTransactions, type Transactions } from '../support/transactions.ts';

const TABLE = 'processed';
const TOTALS = 'totals';
const DAY = 86_400;
const NOW_SECONDS = Math.floor(NOW / 1000);

let dynamodb: EmbeddedDynamodb;
let transactions: Transactions;
let client: DynamoDBClient;
let documents: DynamoDBDocument;

beforeAll(async () => {
  dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: TABLE, quarantineTableName: TOTALS });
  transactions = await startTransactions(dynamodb.endpoint);
  client = localClient(transactions.endpoint);
  documents = DynamoDBDocument.from(client);
});

afterAll(async () => {
  client.destroy();
  await transactions[Symbol.asyncDispose]();
  await dynamodb.stop();
});

let events = 0;
let clock: { now: number };

beforeEach(() => {
  events += 1;
  clock = { now: NOW };
});

/** The event of the current test, as the forwarder puts it on the bus. */
const event = () => {
  const item = storedItem({ id: `partner#evt_${events}`, event_id: `evt_${events}` });
  return busEvent(toBusEntry(item, { tableName: 'events', payloadBucketName: 'payloads' }));
};

const guardOf = (options: { readonly consumer?: string; readonly retentionDays?: number } = {}) =>
  once(event(), { table: TABLE, clock: () => clock.now, ...options });

const itemOf = async (table: string, id: string) => (await documents.get({ TableName: table, Key: { id } })).Item;

/** The guard's item of the current test. */
const guardItem = () => itemOf(TABLE, event().detail.id);

describe('a guard in the transaction of a consumer', () => {
  /** Adds one to a total, in a transaction with the guard. */
  const added = (guard = guardOf(), condition: { ConditionExpression?: string } = {}): TransactWriteCommandInput => ({
    TransactItems: [
      {
        Update: {
          TableName: TOTALS,
          Key: { id: `total_${events}` },
          UpdateExpression: 'ADD amount :one',
          ExpressionAttributeValues: { ':one': 1 },
          ...condition,
        },
      },
      { Put: guard.put },
    ],
  });

  const total = async () => (await itemOf(TOTALS, `total_${events}`))?.amount;

  it('lets the writes through once, and reports an event that was processed before as a duplicate', async () => {
    await documents.transactWrite(added());
    const error = await documents.transactWrite(added()).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(guardOf().isDuplicate(error)).toBe(true);
    expect(await total()).toBe(1);
  });

  it('lets one of many concurrent attempts through', async () => {
    const attempts = Array.from({ length: 8 }, () => documents.transactWrite(added()));
    const results = await Promise.allSettled(attempts);
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await total()).toBe(1);
  });

  it('leaves nothing behind when another write of the transaction fails, so that the event can come again', async () => {
    const guard = guardOf();
    const isThere = { ConditionExpression: 'attribute_exists(id)' };
    const error = await documents.transactWrite(added(guard, isThere)).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(guard.isDuplicate(error)).toBe(false);
    expect(await guardItem()).toBeUndefined();
    await documents.transactWrite(added());
    expect(await total()).toBe(1);
  });

  it("takes no failed condition of the consumer's own for a duplicate, not even under the same id", async () => {
    const { id } = event().detail;
    const order = { TableName: TOTALS, Item: { id, amount: 1 } };
    await documents.put(order);
    const isNew = {
      ConditionExpression: 'attribute_not_exists(id)',
      ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    } as const;
    const guard = guardOf();
    const writes = { TransactItems: [{ Put: guard.put }, { Put: { ...order, ...isNew } }] };
    const error = await documents.transactWrite(writes).catch((error: unknown) => error);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(guard.isDuplicate(error)).toBe(false);
  });

  it.each([
    ['before the guard', ['order', 'guard'], true],
    ['after the guard', ['guard', 'order'], true],
    ['under another id', ['other'], false],
  ])('tells its own failed condition from others by the item that is there: %s', (_, failed, expected) => {
    const { id } = event().detail;
    const items: Record<string, unknown> = {
      guard: { id: { S: id }, processed_at: { S: '2026-03-01T12:00:00.250Z' } },
      order: { id: { S: id }, amount: { N: '1' } },
      other: { id: { S: `billing#${id}` }, processed_at: { S: '2026-03-01T12:00:00.250Z' } },
    };
    const CancellationReasons = failed.map((name) => ({ Code: 'ConditionalCheckFailed', Item: items[name] }));
    expect(guardOf().isDuplicate({ name: 'TransactionCanceledException', CancellationReasons })).toBe(expected);
  });

  it.each([undefined, null, 'text', new Error('timeout'), { CancellationReasons: [{ Code: 'TransactionConflict' }] }])(
    'takes no other error for a duplicate: %p',
    (error) => {
      expect(guardOf().isDuplicate(error)).toBe(false);
    },
  );

  it('remembers the event for 60 days, or as long as the consumer says', async () => {
    await documents.transactWrite(added());
    expect(await guardItem()).toEqual({
      id: event().detail.id,
      expires_at: NOW_SECONDS + 60 * DAY,
      processed_at: new Date(NOW).toISOString(),
    });
    expect(guardOf({ retentionDays: 1 }).put.Item).toMatchObject({ expires_at: NOW_SECONDS + DAY });
  });

  it('forgets the event when its item has expired, though it may not be deleted yet', async () => {
    await documents.transactWrite(added());
    clock.now += 60 * DAY * 1000;
    await expect(documents.transactWrite(added())).rejects.toThrow(TransactionCanceledException);
    clock.now += 1000;
    await documents.transactWrite(added());
    expect(await total()).toBe(2);
  });

  it('is separate for each consumer of a shared table', async () => {
    await documents.transactWrite(added(guardOf({ consumer: 'billing' })));
    await documents.transactWrite(added(guardOf({ consumer: 'mailing' })));
    await expect(documents.transactWrite(added(guardOf({ consumer: 'billing' })))).rejects.toThrow();
    expect(await total()).toBe(2);
  });
});

describe('work that a guard runs', () => {
  const run = (work: () => Promise<unknown>, through = documents) =>
    guardOf().run({ documents: through, leaseSeconds: 30 }, work);

  it('is done once, and the event is a duplicate afterwards', async () => {
    let done = 0;
    const work = async () => {
      done += 1;
    };
    expect(await run(work)).toBe('processed');
    expect(await run(work)).toBe('duplicate');
    expect(done).toBe(1);
    expect(await guardItem()).toEqual({
      id: event().detail.id,
      expires_at: NOW_SECONDS + 60 * DAY,
      processed_at: new Date(NOW).toISOString(),
    });
  });

  it('makes every other attempt fail while it is in progress', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const first = run(() => promise);
    const others = run(async () => expect('this work').toBe('not done'));
    await expect(others).rejects.toThrow(new InProgressError(`Another attempt is processing ${event().detail.id}.`));
    resolve();
    expect(await first).toBe('processed');
  });

  it('is a duplicate for a transaction only once it is done', async () => {
    const guard = guardOf();
    await run(async () => {
      const error = await documents.put(guard.put).catch((error: unknown) => error);
      expect(guard.isDuplicate(error)).toBe(false);
    });
    const error = await documents.put(guard.put).catch((error: unknown) => error);
    expect(guard.isDuplicate(error)).toBe(true);
  });

  it('can be done again at once after it failed', async () => {
    const failure = new Error('the service is down');
    await expect(run(() => Promise.reject(failure))).rejects.toBe(failure);
    expect(await guardItem()).toBeUndefined();
    expect(await run(async () => undefined)).toBe('processed');
  });

  /** Begins an attempt that ends when the test settles its work. */
  async function begin() {
    const started = Promise.withResolvers<void>();
    const work = Promise.withResolvers<void>();
    const result = run(() => {
      started.resolve();
      return work.promise;
    });
    await started.promise;
    return { result, succeed: work.resolve, fail: () => work.reject(new Error('the service is down')) };
  }

  it('can be done again when the lease of an attempt that never ended is over, and not before', async () => {
    await begin();
    clock.now += 30_000;
    await expect(run(async () => undefined)).rejects.toThrow(InProgressError);
    clock.now += 1_000;
    expect(await run(async () => undefined)).toBe('processed');
  });

  it('keeps the claim of the attempt that has taken over when the earlier one fails', async () => {
    const early = await begin();
    clock.now += 31_000;
    const late = await begin();
    early.fail();
    await expect(early.result).rejects.toThrow('the service is down');
    await expect(run(async () => undefined)).rejects.toThrow(InProgressError);
    late.succeed();
    expect(await late.result).toBe('processed');
  });

  it('is a duplicate once any attempt has done it, also when the one that has taken over fails', async () => {
    const early = await begin();
    clock.now += 31_000;
    const late = await begin();
    early.succeed();
    expect(await early.result).toBe('processed');
    late.fail();
    await expect(late.result).rejects.toThrow('the service is down');
    expect(await run(async () => undefined)).toBe('duplicate');
  });

  it('is done if the response to the claim was lost, and the SDK repeats the request', async () => {
    await using faulty = await startFaultyServer(async (response, attempt, pass) => {
      const answer = await pass();
      return attempt === 1 ? void response.destroy() : answer();
    }, transactions.endpoint);
    const through = DynamoDBDocument.from(dynamodbClient(faulty.endpoint));
    expect(await run(async () => undefined, through)).toBe('processed');
  });

  it('throws its own error if the claim cannot be deleted', async () => {
    await using faulty = await startFaultyServer(passOn, transactions.endpoint);
    const through = DynamoDBDocument.from(dynamodbClient(faulty.endpoint));
    const failing = run(() => {
      faulty.behaviour = (response) => void response.destroy();
      return Promise.reject(new Error('the service is down'));
    }, through);
    await expect(failing).rejects.toThrow('the service is down');
    expect(await guardItem()).toMatchObject({ claim: expect.any(String), expires_at: NOW_SECONDS + 30 });
  });

  it('fails without being done if the claim cannot be written', async () => {
    let done = false;
    const guard = once(event(), { table: 'missing' });
    const attempt = guard.run({ documents, leaseSeconds: 30 }, async () => {
      done = true;
    });
    await expect(attempt).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    expect(done).toBe(false);
  });
});

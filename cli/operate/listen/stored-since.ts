import { type DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { progressOf } from '../../progress.ts';

/**
 * The items that were received at a time or later, in the order of their receipt. It scans the whole table for their ids,
 * and reads each when it is asked for.
 * @param from epoch milliseconds
 */
export async function* storedSince(
  client: DynamoDBDocumentClient,
  tableName: string,
  from: number,
): AsyncGenerator<EventItem> {
  for (const id of await idsSince(client, tableName, from)) {
    const { Item } = await client.send(new GetCommand({ TableName: tableName, Key: { id } }));
    if (Item) yield Item as EventItem;
  }
}

async function idsSince(client: DynamoDBDocumentClient, tableName: string, from: number): Promise<readonly string[]> {
  const progress = progressOf({ everyMs: 5_000 });
  const found: Pick<EventItem, 'id' | 'received_at'>[] = [];
  let scanned = 0;
  const query = {
    TableName: tableName,
    ProjectionExpression: 'id, received_at',
    FilterExpression: 'received_at >= :from',
    ExpressionAttributeValues: { ':from': new Date(from).toISOString() },
  };
  for await (const { Items = [], ScannedCount = 0 } of paginateScan({ client }, query)) {
    found.push(...(Items as typeof found));
    scanned += ScannedCount;
    progress.show(`${scanned} items of the table scanned, ${found.length} found`);
  }
  progress.end();
  return found.toSorted((one, other) => (one.received_at < other.received_at ? -1 : 1)).map(({ id }) => id);
}

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import type { DeliveryQuery } from '../deliveries/delivery-log.ts';
import { eventMatcher } from '../deliveries/delivery-matcher.ts';
import { progressOf } from '../progress.ts';
import { withAdvice } from './aws-errors.ts';

type FoundItem = Pick<EventItem, 'id' | 'received_at' | 'event_type'>;

/**
 * Finds the items of a source that were received in a window, by a scan of the whole table.
 * @returns their ids, in the order of their receipt
 */
export async function scanForItems(
  tableName: string,
  { sources = [], from, to, types }: DeliveryQuery & { readonly to: number },
): Promise<readonly string[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const input = {
    TableName: tableName,
    ProjectionExpression: 'id, received_at, event_type',
    FilterExpression: '#source = :source AND received_at >= :from AND received_at < :to',
    ExpressionAttributeNames: { '#source': 'source' },
    ExpressionAttributeValues: { ':source': sources[0], ':from': iso(from), ':to': iso(to) },
  };
  const isWanted = eventMatcher({ types });
  const progress = progressOf({ everyMs: 5_000 });
  const found: FoundItem[] = [];
  let scanned = 0;
  await withAdvice(`scan the table ${tableName}`, async () => {
    for await (const { Items = [], ScannedCount = 0 } of paginateScan({ client }, input)) {
      found.push(...(Items as FoundItem[]).filter(({ event_type: type }) => isWanted({ type })));
      scanned += ScannedCount;
      progress.show(`${scanned} items of the table scanned, ${found.length} found`);
    }
  });
  progress.end();
  return found.toSorted((one, other) => (one.received_at < other.received_at ? -1 : 1)).map(({ id }) => id);
}

const iso = (time: number) => new Date(time).toISOString();

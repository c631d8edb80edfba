import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import { progressOf } from '../progress.ts';
import type { StreamBatch } from './stream-batch.ts';

/** What tells when an item was received. */
export type ReceivedItem = Pick<EventItem, 'id' | 'received_at'>;

/** An item is received up to as long before it comes to the stream as the receiver may take, 10 s; clocks differ a little. */
const EARLIER_MS = 15_000;
/** Arrivals are cut to a second; clocks differ a little. */
const LATER_MS = 5_000;

/** Whether an item was received when the records of a batch came to the stream, with a margin. */
export function isOfBatch({ received_at }: ReceivedItem, { arrivedFrom, arrivedTo }: StreamBatch): boolean {
  const receivedAt = Date.parse(received_at);
  return arrivedFrom - EARLIER_MS <= receivedAt && receivedAt <= arrivedTo + LATER_MS;
}

/** Looks through the whole table, once, for the items that may be of one of the batches. */
export async function receivedItems(tableName: string, batches: readonly StreamBatch[]): Promise<ReceivedItem[]> {
  const progress = progressOf({ everyMs: 5_000 });
  const found: ReceivedItem[] = [];
  let scanned = 0;
  for await (const page of paginateScan({ client: table() }, scanOf(tableName, batches))) {
    const items = (page.Items ?? []) as ReceivedItem[];
    found.push(...items.filter((item) => batches.some((batch) => isOfBatch(item, batch))));
    scanned += page.ScannedCount ?? 0;
    progress.show(`${scanned} items of the table looked through, ${found.length} found`);
  }
  progress.end();
  return found;
}

const table = () => DynamoDBDocumentClient.from(new DynamoDBClient());

/** From the first to the last of the batches: an expression for each could be longer than DynamoDB takes. */
function scanOf(tableName: string, batches: readonly StreamBatch[]) {
  return {
    TableName: tableName,
    ProjectionExpression: 'id, received_at',
    FilterExpression: 'received_at BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':from': iso(batches.reduce((first, { arrivedFrom }) => Math.min(first, arrivedFrom), Infinity) - EARLIER_MS),
      ':to': iso(batches.reduce((last, { arrivedTo }) => Math.max(last, arrivedTo), -Infinity) + LATER_MS),
    },
  };
}

const iso = (time: number) => new Date(time).toISOString();

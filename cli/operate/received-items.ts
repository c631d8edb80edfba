import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import { progressOf } from '../progress.ts';
import type { StreamBatch } from './stream-batch.ts';

/** The attributes of an item that show whether it may belong to a batch. */
type ReceivedItem = Pick<EventItem, 'id' | 'received_at'>;

/** How long before its record's arrival an item may have been received: the receiver takes up to 10 s, and clocks differ. */
const EARLIER_MS = 15_000;
/** How long after its record's arrival an item may have been received: arrivals are cut to a second, and clocks differ. */
const LATER_MS = 5_000;

/** Finds the ids of the items that may belong to a batch. */
export type FindReceivedItems = (batch: StreamBatch) => Promise<readonly string[]>;

/**
 * Finds items by the time of their receipt. The first call scans the whole table, once for all letters.
 * @param letters all letters whose batches will be asked for
 */
export function receivedItemFinder(
  tableName: string,
  letters: readonly { readonly batch: StreamBatch }[],
): FindReceivedItems {
  let scanned: Promise<readonly ReceivedItem[]> | undefined;
  return async (batch) => {
    scanned ??= scan(
      tableName,
      letters.map((letter) => letter.batch),
    );
    const items = await scanned;
    return items.filter((item) => mayBelongTo(item, batch)).map(({ id }) => id);
  };
}

function mayBelongTo({ received_at }: ReceivedItem, { arrivedFrom, arrivedTo }: StreamBatch): boolean {
  const receivedAt = Date.parse(received_at);
  return arrivedFrom - EARLIER_MS <= receivedAt && receivedAt <= arrivedTo + LATER_MS;
}

async function scan(tableName: string, batches: readonly StreamBatch[]): Promise<readonly ReceivedItem[]> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient());
  const progress = progressOf({ everyMs: 5_000 });
  const found: ReceivedItem[] = [];
  let scanned = 0;
  for await (const page of paginateScan({ client }, scanInput(tableName, batches))) {
    const items = (page.Items ?? []) as ReceivedItem[];
    found.push(...items.filter((item) => batches.some((batch) => mayBelongTo(item, batch))));
    scanned += page.ScannedCount ?? 0;
    progress.show(`${scanned} items of the table scanned, ${found.length} found`);
  }
  progress.end();
  return found;
}

/** Filters from the first to the last batch: a condition for each could exceed DynamoDB's limit for expressions. */
function scanInput(tableName: string, batches: readonly StreamBatch[]) {
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

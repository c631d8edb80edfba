import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import { type BusEntryOptions, toBusEntry } from '../../lambda/forwarder/bus-entry.ts';
import { eventbridgeBus } from '../../lambda/forwarder/eventbridge-bus.ts';
import { UsageError } from '../arguments.ts';

/** Where events are read from, and where they are put. */
export interface RedeliveryResources {
  readonly tableName: string;
  /** A name, or an ARN. */
  readonly busName: string;
  /** The bucket that holds payloads that are too large for an item; undefined if it is unknown. */
  readonly payloadBucketName: string | undefined;
}

/**
 * Reads an item by its id from the table, and puts its event on the bus as the forwarder did.
 * @returns a description of the event: source, type, time of receipt and size; undefined if the table has no such item
 * @throws {Error} unless the bus accepts the event
 * @throws {UsageError} if its payload is in a bucket, and that is unknown
 */
export type Redelivery = (id: string) => Promise<string | undefined>;

/** Redelivers from a table to a bus. A dry run reads, and puts nothing. */
export function redelivery({ busName, ...stores }: RedeliveryResources, isDryRun: boolean): Redelivery {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  const bus = eventbridgeBus(new EventBridgeClient(), busName);
  return async (id) => {
    const { Item } = await table.send(
      new GetCommand({ TableName: stores.tableName, Key: { id }, ConsistentRead: true }),
    );
    if (!Item) return undefined;
    const entry = toBusEntry(Item as EventItem, placesOf(Item as EventItem, stores));
    const [failure] = isDryRun ? [] : await bus.put([entry]);
    if (failure) throw failure.cause;
    const size = `${Buffer.byteLength(entry.detail)} bytes`;
    return `${entry.source}, ${entry.detailType}, received ${entry.time.toISOString()}, ${size}`;
  };
}

/** Consumers find an omitted payload by these names. */
function placesOf(
  { payload_object }: EventItem,
  { tableName, payloadBucketName }: Omit<RedeliveryResources, 'busName'>,
): BusEntryOptions {
  if (payload_object !== undefined && payloadBucketName === undefined)
    throw new UsageError('its payload is in a bucket, whose name consumers need: give it with --bucket');
  return { tableName, payloadBucketName: payloadBucketName ?? '' };
}

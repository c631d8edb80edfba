import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import { toBusEntry } from '../../lambda/forwarder/bus-entry.ts';
import { eventbridgeBus } from '../../lambda/forwarder/eventbridge-bus.ts';
import type { ForwardingOutputs } from './stack-outputs.ts';

/**
 * Takes an item by its id from the table to the bus, as its delivery did, and says what was put: source, type, when it
 * was received, and its size. Undefined where the table has no such item.
 * @throws {Error} unless the bus has taken it
 */
export type Redelivery = (id: string) => Promise<string | undefined>;

/** A dry run reads, and puts nothing. */
export function redelivery({ tableName, busName }: ForwardingOutputs, isDryRun: boolean): Redelivery {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  const bus = eventbridgeBus(new EventBridgeClient(), busName);
  return async (id) => {
    const { Item } = await table.send(new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }));
    if (!Item) return undefined;
    const entry = toBusEntry(Item as EventItem, tableName);
    if (!isDryRun) await bus.put(entry);
    const size = `${Buffer.byteLength(entry.detail)} bytes`;
    return `${entry.source}, ${entry.detailType}, received ${entry.time.toISOString()}, ${size}`;
  };
}

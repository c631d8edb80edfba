import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import { toBusEntry } from '../../lambda/forwarder/bus-entry.ts';
import { eventbridgeBus } from '../../lambda/forwarder/eventbridge-bus.ts';
import type { ForwardingOutputs } from './stack-outputs.ts';

/**
 * Reads an item by its id from the table, and puts its event on the bus as the forwarder did.
 * @returns a description of the event: source, type, time of receipt and size; undefined if the table has no such item
 * @throws {Error} unless the bus accepts the event
 */
export type Redelivery = (id: string) => Promise<string | undefined>;

/** Redelivers from the table of a stack to its bus. A dry run reads, and puts nothing. */
export function redelivery({ busName, ...outputs }: ForwardingOutputs, isDryRun: boolean): Redelivery {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  const bus = eventbridgeBus(new EventBridgeClient(), busName);
  return async (id) => {
    const { Item } = await table.send(
      new GetCommand({ TableName: outputs.tableName, Key: { id }, ConsistentRead: true }),
    );
    if (!Item) return undefined;
    const entry = toBusEntry(Item as EventItem, outputs);
    if (!isDryRun) await bus.put(entry);
    const size = `${Buffer.byteLength(entry.detail)} bytes`;
    return `${entry.source}, ${entry.detailType}, received ${entry.time.toISOString()}, ${size}`;
  };
}

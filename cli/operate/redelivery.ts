import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import {
  type BusEntry,
  type BusEntryOptions,
  entryOf,
  toBusEntry,
  withoutPayload,
} from '../../lambda/forwarder/bus-entry.ts';
import { eventbridgeBus } from '../../lambda/forwarder/eventbridge-bus.ts';
import { UsageError } from '../arguments.ts';

/** Where events are read from, and where they are put. */
export interface RedeliveryResources extends Pick<BusEntryOptions, 'tableName'> {
  /** A name, or an ARN. */
  readonly busName: string;
  /** The bucket that holds payloads that are too large for an item; undefined if it is unknown. */
  readonly payloadBucketName: string | undefined;
}

/**
 * The outcome for an event that is in the table: its description (source, type, time of receipt and size) if the bus has
 * it, or the error code with which the bus refuses it, with and without its payload.
 */
export type RedeliveryResult = { readonly description: string } | { readonly refusal: string };

/**
 * Reads an item by its id from the table, and puts its event on the bus as the forwarder does: without its payload if the
 * bus refuses it.
 * @returns undefined if the table has no such item
 * @throws {Error} if reading or putting it failed in a way that may pass
 * @throws {UsageError} if its payload is in a bucket, and that is unknown
 */
export type Redelivery = (id: string) => Promise<RedeliveryResult | undefined>;

/** Redelivers from a table to a bus. A dry run reads, and puts nothing. */
export function redelivery({ busName, ...stores }: RedeliveryResources, isDryRun: boolean): Redelivery {
  const table = DynamoDBDocumentClient.from(new DynamoDBClient());
  const bus = eventbridgeBus(new EventBridgeClient(), busName);

  /** @returns the error code of a refusal; undefined if the bus has the entry */
  async function refusalOf(entry: BusEntry): Promise<string | undefined> {
    const [failure] = isDryRun ? [] : await bus.put([entry]);
    if (failure && !failure.isPermanent) throw failure.cause;
    return failure?.code;
  }

  async function put(item: EventItem): Promise<RedeliveryResult> {
    const places = placesOf(item, stores);
    let refusal = '';
    for (const make of [toBusEntry, withoutPayload]) {
      const entry = entryOf(item, make, places);
      const code = entry ? await refusalOf(entry) : UNREADABLE;
      if (entry && code === undefined) return { description: describe(entry, refusal) };
      refusal = code ?? UNREADABLE;
    }
    return { refusal };
  }

  return async (id) => {
    const { Item } = await table.send(
      new GetCommand({ TableName: stores.tableName, Key: { id }, ConsistentRead: true }),
    );
    return Item && (await put(Item as EventItem));
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

/** In the place of an error code, for an item that no entry can be made of. */
const UNREADABLE = 'Unreadable';

/** @param refusal why the entry has no payload; empty if nothing was refused */
function describe({ source, detailType, time, detail }: BusEntry, refusal: string): string {
  const omission = refusal && `, without its payload: ${refusal}`;
  return `${source}, ${detailType}, received ${time.toISOString()}, ${Buffer.byteLength(detail)} bytes${omission}`;
}

import { type DynamoDBDocumentClient, GetCommand, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import type { PayloadAttributes } from '../../lambda/payloads/payload.ts';
import type { QuarantineItem } from '../../lambda/quarantine/quarantine-item.ts';
import { withAdvice } from '../operate/aws-errors.ts';
import type { PayloadObjects } from '../operate/quarantine/payload-objects.ts';
import { readPayload } from '../operate/quarantine/read-payload.ts';
import type { StoredEvents, WithPayload } from './delivery-log.ts';

/** Where the events of an inbox are. */
export interface StoredEventsOptions {
  readonly documents: DynamoDBDocumentClient;
  readonly tableName: string;
  readonly quarantineTableName: string;
  readonly payloads: PayloadObjects;
}

/** The stored events of a deployed or a local inbox. */
export function storedEvents(options: StoredEventsOptions): StoredEvents {
  const { documents, tableName, quarantineTableName, payloads } = options;

  async function eventItem(id: string): Promise<EventItem | undefined> {
    const { Item } = await documents.send(new GetCommand({ TableName: tableName, Key: { id }, ConsistentRead: true }));
    return Item as EventItem | undefined;
  }

  /** Its key is that of the payload, so that the whole quarantine is read: two weeks of what is invalid. */
  async function quarantineItems(source: string, eventId: string): Promise<readonly QuarantineItem[]> {
    const input = {
      TableName: quarantineTableName,
      FilterExpression: '#source = :source AND event_id = :event_id',
      ExpressionAttributeNames: { '#source': 'source' },
      ExpressionAttributeValues: { ':source': source, ':event_id': eventId },
    };
    const found: QuarantineItem[] = [];
    for await (const { Items = [] } of paginateScan({ client: documents }, input)) {
      found.push(...(Items as QuarantineItem[]));
    }
    return found;
  }

  async function withPayload<Item extends PayloadAttributes & { readonly id: string }>(
    item: Item,
  ): Promise<WithPayload<Item>> {
    const { payload: _, ...rest } = item;
    return { item: rest, payload: await withAdvice('read the payload', () => readPayload(item, payloads)) };
  }

  return {
    async read(source, eventId) {
      const [item, items] = await withAdvice('read the event', () =>
        Promise.all([eventItem(`${source}#${eventId}`), quarantineItems(source, eventId)]),
      );
      return {
        stored: item && (await withPayload(item)),
        quarantined: await Promise.all(items.map(withPayload)),
      };
    },
  };
}

import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { EventItem } from '../events/event-item.ts';

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

/**
 * The new item in a record of the table's stream. An item is new, too, if it replaced one that had expired and was not
 * deleted yet.
 * @returns undefined for an item that was edited or deleted
 */
export function newItem({ dynamodb }: DynamoDBRecord): EventItem | undefined {
  const item = itemOf(dynamodb?.NewImage);
  const old = itemOf(dynamodb?.OldImage);
  return item?.received_at === old?.received_at ? undefined : item;
}

function itemOf(image: Image): EventItem | undefined {
  if (!image) return undefined;
  return unmarshall(withBytes(image)) as EventItem;
}

/** Streams carry bytes in base64; the SDK expects the bytes themselves. */
function withBytes(image: NonNullable<Image>): Record<string, AttributeValue> {
  const entries = Object.entries(image).map(([name, value]) => {
    return [name, value.B === undefined ? value : { B: Buffer.from(value.B, 'base64') }];
  });
  return Object.fromEntries(entries);
}

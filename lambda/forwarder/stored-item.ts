import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import type { EventItem } from '../events/event-item.ts';

type Image = NonNullable<DynamoDBRecord['dynamodb']>['NewImage'];

/**
 * The item that a record of the table's stream tells of, if it is a new event; undefined for one that was deleted or
 * edited. An item put in the place of one that had expired, but was not deleted yet, is a new event too.
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

/** Streams bring bytes in base64, and the SDK takes them as they are. */
function withBytes(image: NonNullable<Image>): Record<string, AttributeValue> {
  const entries = Object.entries(image).map(([name, value]) => {
    return [name, value.B === undefined ? value : { B: Buffer.from(value.B, 'base64') }];
  });
  return Object.fromEntries(entries);
}

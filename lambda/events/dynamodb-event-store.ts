import { type AttributeValue, ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import { isMalformedRequest } from '../aws/is-malformed-request.ts';
import type { PayloadAttributes } from '../payloads/payload.ts';
import type { EventItem } from './event-item.ts';
import type { Conflict, Duplicate, EventStore } from './event-store.ts';

/**
 * The events table.
 * @param openDeadline ends a write at its deadline
 */
export function dynamodbEventStore(
  documents: DynamoDBDocumentClient,
  tableName: string,
  openDeadline: OpenDeadline = abortAt,
): EventStore {
  return {
    async put(item, immutable, deadline) {
      try {
        using limit = openDeadline(deadline);
        await documents.send(putUnlessLive(tableName, item), { abortSignal: limit.signal });
        return { status: 'processed' };
      } catch (error) {
        if (error instanceof ConditionalCheckFailedException) return compare(error, item, immutable);
        if (isMalformedRequest(error)) throw error;
        return { unavailable: error };
      }
    },
  };
}

/** An item may have expired and still be there: TTL deletes within days, not at once. */
function putUnlessLive(tableName: string, item: EventItem): PutCommand {
  return new PutCommand({
    TableName: tableName,
    Item: item,
    ConditionExpression: 'attribute_not_exists(id) OR expires_at < :now',
    ExpressionAttributeValues: { ':now': Math.floor(Date.parse(item.received_at) / 1000) },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
}

function compare(
  { Item: old }: ConditionalCheckFailedException,
  item: EventItem,
  immutable: boolean,
): Duplicate | Conflict {
  const differs = old?.payload_sha256?.S !== item.payload_sha256;
  if (!immutable || !differs) return { status: 'duplicate', differs };
  return { status: 'conflict', stored: old ? payloadOf(old) : {} };
}

function payloadOf(old: Readonly<Record<string, AttributeValue>>): Partial<PayloadAttributes> {
  const names = ['payload', 'payload_encoding', 'payload_object', 'payload_sha256'];
  return unmarshall(Object.fromEntries(Object.entries(old).filter(([name]) => names.includes(name))));
}

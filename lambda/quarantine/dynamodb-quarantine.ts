import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import { isMalformedRequest } from '../aws/is-malformed-request.ts';
import type { Quarantine } from './quarantine.ts';

/**
 * The quarantine table.
 * @param openDeadline ends a write at its deadline
 */
export function dynamodbQuarantine(
  documents: DynamoDBDocumentClient,
  tableName: string,
  openDeadline: OpenDeadline = abortAt,
): Quarantine {
  return {
    async put(item, deadline) {
      try {
        using limit = openDeadline(deadline);
        await documents.send(new PutCommand({ TableName: tableName, Item: item }), { abortSignal: limit.signal });
        return undefined;
      } catch (unavailable) {
        if (isMalformedRequest(unavailable)) throw unavailable;
        return { unavailable };
      }
    },
  };
}

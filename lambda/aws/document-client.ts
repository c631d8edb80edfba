import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/**
 * A document client. Every document client of one client changes how the others write items, so a client gets one only.
 */
export function documentClient(client: DynamoDBClient): DynamoDBDocumentClient {
  // The SDK's logger would copy every item for a log that is switched off.
  client.middlewareStack.remove('loggerMiddleware');
  // A field that a provider left out is undefined in `data`, and becomes no attribute.
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}

import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';

/** Whether DynamoDB found a request malformed, which is a defect. Any other error may pass, or the operator can fix it. */
export function isMalformedRequest(error: unknown): boolean {
  return error instanceof DynamoDBServiceException && error.name === 'ValidationException';
}

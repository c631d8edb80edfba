import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../../lambda/events/dynamodb-event-store.ts';
import { dynamodbQuarantine } from '../../../lambda/quarantine/dynamodb-quarantine.ts';
import { outputOf, stackOutputs } from '../stack-outputs.ts';
import type { InboxAccess } from './inbox-access.ts';
import { payloadObjects } from './payload-objects.ts';
import { quarantineTable } from './quarantine-table.ts';
import { receiverSources } from './receiver-sources.ts';

/**
 * A deployed inbox, with the credentials and the region of the environment.
 * @throws {UsageError} if there is no such stack, or it is not of an inbox with a quarantine
 */
export async function deployedInboxAccess(stack: string): Promise<InboxAccess> {
  const outputs = await stackOutputs(stack);
  const tableName = outputOf(outputs, 'TableName', 'is it the stack of an inbox?');
  const quarantineTableName = outputOf(outputs, 'QuarantineTableName', DEPLOY);
  const bucketName = outputOf(outputs, 'PayloadBucketName', DEPLOY);
  const documents = documentClient(new DynamoDBClient());
  const payloads = payloadObjects(new S3Client(), bucketName);
  return {
    quarantine: quarantineTable(documents, quarantineTableName),
    payloads,
    openReceiver: async () => ({
      sources: await receiverSources(outputOf(outputs, 'ReceiverName', DEPLOY)),
      store: dynamodbEventStore(documents, tableName),
      quarantine: dynamodbQuarantine(documents, quarantineTableName),
      payloads,
    }),
  };
}

const DEPLOY = 'deploy this version of the inbox first.';

import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../../lambda/events/dynamodb-event-store.ts';
import { dynamodbQuarantine } from '../../../lambda/quarantine/dynamodb-quarantine.ts';
import type { NamedInbox } from '../named-inbox.ts';
import { receiverSources } from '../receiver-sources.ts';
import { inboxOutputs, outputOf } from '../stack-outputs.ts';
import type { InboxAccess } from './inbox-access.ts';
import { deployedPayloads } from './payload-objects.ts';
import { quarantineTable } from './quarantine-table.ts';

/**
 * A deployed inbox, with the credentials and the region of the environment.
 * @throws {UsageError} if there is no such inbox
 */
export async function deployedInboxAccess(named: NamedInbox): Promise<InboxAccess> {
  const outputs = await inboxOutputs(named);
  const tableName = outputOf(outputs, 'TableName');
  const quarantineTableName = outputOf(outputs, 'QuarantineTableName');
  const dynamodb = new DynamoDBClient();
  const documents = documentClient(dynamodb);
  const payloads = deployedPayloads(dynamodb, outputs);
  return {
    quarantine: quarantineTable(documents, quarantineTableName),
    payloads,
    openReceiver: async () => ({
      sources: await receiverSources(named, outputs),
      store: dynamodbEventStore(documents, tableName),
      quarantine: dynamodbQuarantine(documents, quarantineTableName),
      payloads,
    }),
  };
}

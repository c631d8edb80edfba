import { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import type { NamedInbox } from '../../operate/named-inbox.ts';
import { deployedPayloads } from '../../operate/quarantine/payload-objects.ts';
import { sourceNames } from '../../operate/receiver-sources.ts';
import { type DeployedOutputs, inboxOutputs, outputOf } from '../../operate/stack-outputs.ts';
import type { InboxView } from '../delivery-log.ts';
import { storedEvents } from '../stored-events.ts';
import { deployedDeliveryLog } from './deployed-delivery-log.ts';

/**
 * A deployed inbox, with the credentials and the region of the environment.
 * @throws {UsageError} if there is no such inbox
 */
export async function deployedInboxView(named: NamedInbox): Promise<InboxView> {
  const outputs = await inboxOutputs(named);
  return { ...viewOf(outputs), sourceNames: () => sourceNames(named, outputs) };
}

/**
 * A deployed inbox, by its outputs.
 * @throws {UsageError} if it was deployed by a version that has no such outputs
 */
export function viewOf(outputs: DeployedOutputs): InboxView {
  const logGroupName = outputOf(outputs, 'ReceiverLogGroupName');
  const dynamodb = new DynamoDBClient();
  return {
    deliveries: deployedDeliveryLog(new CloudWatchLogsClient(), { logGroupName }),
    events: storedEvents({
      documents: documentClient(dynamodb),
      tableName: outputOf(outputs, 'TableName'),
      quarantineTableName: outputOf(outputs, 'QuarantineTableName'),
      payloads: deployedPayloads(dynamodb, outputs),
    }),
  };
}

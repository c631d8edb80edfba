import { documentClient } from '../../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../../lambda/events/dynamodb-event-store.ts';
import { dynamodbQuarantine } from '../../../lambda/quarantine/dynamodb-quarantine.ts';
import { portFrom, UsageError } from '../../arguments.ts';
import { fetchFailure } from '../../fetch-error.ts';
import type { InboxFile } from '../../inbox-file.ts';
import { invocation } from '../../invocation.ts';
import { everySource } from '../../local/every-source.ts';
import { LOOPBACK } from '../../local/http.ts';
import { PAYLOAD_BUCKET_NAME } from '../../local/serve-payload.ts';
import type { InboxAccess } from './inbox-access.ts';
import { payloadObjects } from './payload-objects.ts';
import { quarantineTable } from './quarantine-table.ts';

/**
 * The inbox that `npm start` runs on this machine.
 * @param environment `DYNAMODB_PORT` is that of `npm start`
 * @param own sources of one's own
 * @throws {UsageError} if it is not running
 */
export async function localInboxAccess(environment: NodeJS.ProcessEnv, own: InboxFile): Promise<InboxAccess> {
  const endpoint = `http://${LOOPBACK}:${portFrom(environment, 'DYNAMODB_PORT', 8000)}`;
  await checkReach(endpoint);
  // Loading the embedded DynamoDB takes half a second, which a deployed inbox must not wait for.
  const { localClient, QUARANTINE_TABLE_NAME, TABLE_NAME } = await import('../../local/embedded-dynamodb.ts');
  const client = localClient(endpoint);
  const documents = documentClient(client);
  const payloads = payloadObjects({ url: `${endpoint}/${PAYLOAD_BUCKET_NAME}`, config: client.config, fetch });
  return {
    quarantine: quarantineTable(documents, QUARANTINE_TABLE_NAME),
    payloads,
    openReceiver: async () => ({
      sources: everySource(environment, '', own),
      store: dynamodbEventStore(documents, TABLE_NAME),
      quarantine: dynamodbQuarantine(documents, QUARANTINE_TABLE_NAME),
      payloads,
    }),
  };
}

/**
 * Checks that the embedded DynamoDB runs.
 * @throws {UsageError} if it does not
 */
export async function checkReach(endpoint: string): Promise<void> {
  await fetch(endpoint).catch((error: Error) => {
    const advice = `Is \`${invocation('start')}\` running? If its port is another one, set DYNAMODB_PORT.`;
    throw new UsageError(`${endpoint} cannot be reached: ${fetchFailure(error)}. ${advice}`);
  });
}

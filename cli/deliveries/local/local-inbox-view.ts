import { S3Client } from '@aws-sdk/client-s3';
import { documentClient } from '../../../lambda/aws/document-client.ts';
import { portFrom } from '../../arguments.ts';
import { localClient, QUARANTINE_TABLE_NAME, TABLE_NAME } from '../../local/embedded-dynamodb.ts';
import { LOOPBACK } from '../../local/http.ts';
import { PAYLOAD_BUCKET_NAME } from '../../local/serve-payload.ts';
import { checkReach, LOCAL_SIGNING } from '../../operate/quarantine/local-inbox-access.ts';
import { payloadObjects } from '../../operate/quarantine/payload-objects.ts';
import type { InboxView } from '../delivery-log.ts';
import { storedEvents } from '../stored-events.ts';
import { accessToken } from './access-token.ts';
import { servedDeliveryLog } from './served-delivery-log.ts';

/** The inbox that `npm start` runs on this machine. */
export function localInboxView(environment: NodeJS.ProcessEnv): InboxView {
  const endpoint = `http://${LOOPBACK}:${portFrom(environment, 'DYNAMODB_PORT', 8000)}`;
  const url = `http://${LOOPBACK}:${portFrom(environment, 'PORT', 3000)}`;
  const s3 = new S3Client({ endpoint, ...LOCAL_SIGNING });
  const events = storedEvents({
    documents: documentClient(localClient(endpoint)),
    tableName: TABLE_NAME,
    quarantineTableName: QUARANTINE_TABLE_NAME,
    payloads: payloadObjects(s3, PAYLOAD_BUCKET_NAME),
  });
  return {
    deliveries: servedDeliveryLog(url, accessToken()),
    events: {
      async read(source, eventId) {
        await checkReach(endpoint);
        return await events.read(source, eventId);
      },
    },
  };
}

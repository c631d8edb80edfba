import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CLIENT_LIMITS } from '../aws/client-limits.ts';
import { documentClient } from '../aws/document-client.ts';
import { dynamodbEventStore } from '../events/dynamodb-event-store.ts';
import { s3PayloadBucket } from '../payloads/s3-payload-bucket.ts';
import { dynamodbQuarantine } from '../quarantine/dynamodb-quarantine.ts';
import { overflowReport } from '../telemetry/overflow-report.ts';
import { readOverflowConfig } from './config.ts';
import { overflow } from './overflow.ts';

const config = readOverflowConfig(process.env);
const dynamodb = new DynamoDBClient(CLIENT_LIMITS);
const documents = documentClient(dynamodb);

/** The deployed function. Its clients are built once, before the first message. */
export const handler = overflow({
  store: dynamodbEventStore(documents, config.tableName),
  quarantine: dynamodbQuarantine(documents, config.quarantineTableName),
  payloads: s3PayloadBucket({
    url: config.payloadBucketUrl,
    prefix: config.payloadPrefix,
    config: dynamodb.config,
    fetch,
  }),
  report: overflowReport(config.inboxName, (line) => process.stdout.write(line), Date.now),
});

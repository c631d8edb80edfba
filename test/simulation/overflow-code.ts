import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { CLIENT_LIMITS } from '../../lambda/aws/client-limits.ts';
import { documentClient } from '../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import { overflow } from '../../lambda/overflow/overflow.ts';
import { s3PayloadBucket } from '../../lambda/payloads/s3-payload-bucket.ts';
import { dynamodbQuarantine } from '../../lambda/quarantine/dynamodb-quarantine.ts';
import type { OverflowReport } from '../../lambda/telemetry/overflow-report.ts';
import { ACCOUNT, type Cloud, TABLES } from './cloud.ts';
import type { Handler } from './function-pool.ts';
import { BUCKET_URL } from './web.ts';

/** Builds the overflow function as lambda/overflow/handler.ts does, with AWS clients whose requests stay in the process. */
export function overflowCode(
  cloud: Cloud,
  report: (report: OverflowReport) => void,
): Handler<SQSEvent, SQSBatchResponse> {
  const requestHandler = cloud.transport(CLIENT_LIMITS.requestHandler.requestTimeout);
  const dynamodb = new DynamoDBClient({ ...ACCOUNT, ...CLIENT_LIMITS, requestHandler });
  const documents = documentClient(dynamodb);
  return overflow({
    store: dynamodbEventStore(documents, TABLES.events),
    quarantine: dynamodbQuarantine(documents, TABLES.quarantine),
    payloads: s3PayloadBucket({ url: BUCKET_URL, config: dynamodb.config, fetch: cloud.web.fetch }),
    report,
  });
}

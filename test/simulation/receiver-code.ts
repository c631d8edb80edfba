import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { CLIENT_LIMITS, QUEUE_CLIENT_LIMITS } from '../../lambda/aws/client-limits.ts';
import { documentClient } from '../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import { sqsOverflowQueue } from '../../lambda/overflow-queue/sqs-overflow-queue.ts';
import { s3PayloadBucket } from '../../lambda/payloads/s3-payload-bucket.ts';
import { dynamodbQuarantine } from '../../lambda/quarantine/dynamodb-quarantine.ts';
import { receiver } from '../../lambda/receiver/receiver.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import { cachedSecrets } from '../../lambda/secrets/cached-secrets.ts';
import { secretsManagerSecrets } from '../../lambda/secrets/secrets-manager.ts';
import type { ReadSecret } from '../../lambda/secrets/signing-secret.ts';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';
import { ACCOUNT, type Cloud, TABLES } from './cloud.ts';
import type { Handler } from './function-pool.ts';
import { BUCKET_URL } from './web.ts';

/** What the code of the receiver needs of the simulation. */
export interface ReceiverCodeOptions {
  readonly cloud: Cloud;
  readonly sources: Sources;
  readonly previousSecretGraceSeconds: number;
  /** Sees what each environment learns from Secrets Manager. */
  readonly observeReads: (read: ReadSecret) => ReadSecret;
  readonly report: (report: DeliveryReport) => void;
}

/** Builds the receiver as lambda/receiver/handler.ts does, with AWS clients whose requests stay in the process. */
export function receiverCode(options: ReceiverCodeOptions): Handler<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const { cloud, sources, previousSecretGraceSeconds, observeReads, report } = options;
  const clock = Date.now;
  const client = (limits: typeof CLIENT_LIMITS | typeof QUEUE_CLIENT_LIMITS) => {
    const requestHandler = cloud.transport(limits.requestHandler.requestTimeout);
    return { ...ACCOUNT, ...limits, requestHandler };
  };
  const secretsManager = new SecretsManagerClient(client(CLIENT_LIMITS));
  const dynamodb = new DynamoDBClient(client(CLIENT_LIMITS));
  const sqs = new SQSClient({ ...client(QUEUE_CLIENT_LIMITS), useQueueUrlAsEndpoint: false });
  const documents = documentClient(dynamodb);
  const readSecret = secretsManagerSecrets(secretsManager, { namePrefix: '', previousSecretGraceSeconds, clock });
  return receiver({
    sources,
    secrets: cachedSecrets(observeReads(readSecret), clock),
    store: dynamodbEventStore(documents, TABLES.events),
    quarantine: dynamodbQuarantine(documents, TABLES.quarantine),
    payloads: s3PayloadBucket({ url: BUCKET_URL, config: dynamodb.config, fetch: cloud.web.fetch }),
    overflow: sqsOverflowQueue(sqs, cloud.overflow.url),
    report,
    fetch: cloud.web.fetch,
    clock,
  });
}

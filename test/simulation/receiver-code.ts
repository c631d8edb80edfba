import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { APIGatewayProxyEvent, APIGatewayProxyResult } from 'aws-lambda';
import { CLIENT_LIMITS } from '../../lambda/aws/client-limits.ts';
import { documentClient } from '../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
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

const { requestTimeout } = CLIENT_LIMITS.requestHandler;

/** Builds the receiver as lambda/receiver/handler.ts does, with AWS clients whose requests stay in the process. */
export function receiverCode(options: ReceiverCodeOptions): Handler<APIGatewayProxyEvent, APIGatewayProxyResult> {
  const { cloud, sources, previousSecretGraceSeconds, observeReads, report } = options;
  const clock = Date.now;
  const client = { ...ACCOUNT, ...CLIENT_LIMITS, requestHandler: cloud.transport(requestTimeout) };
  const secretsManager = new SecretsManagerClient(client);
  const dynamodb = new DynamoDBClient(client);
  const documents = documentClient(dynamodb);
  const readSecret = secretsManagerSecrets(secretsManager, { namePrefix: '', previousSecretGraceSeconds, clock });
  return receiver({
    sources,
    secrets: cachedSecrets(observeReads(readSecret), clock),
    store: dynamodbEventStore(documents, TABLES.events),
    quarantine: dynamodbQuarantine(documents, TABLES.quarantine),
    payloads: s3PayloadBucket({ url: BUCKET_URL, config: dynamodb.config, fetch: cloud.web.fetch }),
    report,
    fetch: cloud.web.fetch,
    clock,
  });
}

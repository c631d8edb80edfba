import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { CLIENT_LIMITS, QUEUE_CLIENT_LIMITS } from '../aws/client-limits.ts';
import { documentClient } from '../aws/document-client.ts';
import { dynamodbEventStore } from '../events/dynamodb-event-store.ts';
import { sqsOverflowQueue } from '../overflow-queue/sqs-overflow-queue.ts';
import { s3PayloadBucket } from '../payloads/s3-payload-bucket.ts';
import { dynamodbQuarantine } from '../quarantine/dynamodb-quarantine.ts';
import { cachedSecrets } from '../secrets/cached-secrets.ts';
import { parameterStoreSecrets } from '../secrets/parameter-store.ts';
import { parameterStoreApi } from '../secrets/parameter-store-api.ts';
import { secretsManagerSecrets } from '../secrets/secrets-manager.ts';
import type { ReadSecret } from '../secrets/signing-secret.ts';
import { cloudwatchReport } from '../telemetry/cloudwatch-report.ts';
import { readConfig } from './config.ts';
import { providersIn, readSourcesFile } from './deployed-sources.ts';
import { openSources } from './open-sources.ts';
import { receiver } from './receiver.ts';

const clock = Date.now;
const folder = import.meta.dirname;
const config = readConfig(process.env, readSourcesFile(folder));
const { inboxName, previousSecretGraceSeconds } = config;
const secretsManager = new SecretsManagerClient(CLIENT_LIMITS);
const dynamodb = new DynamoDBClient(CLIENT_LIMITS);
const sqs = new SQSClient({ ...QUEUE_CLIENT_LIMITS, useQueueUrlAsEndpoint: false });
const documents = documentClient(dynamodb);

/** Reads each source's secret from where it is. */
function secretReader(): ReadSecret {
  const secretIds = namesOf('secretId');
  const parameterNames = namesOf('parameterName');
  const options = { previousSecretGraceSeconds, clock };
  const readSecret = secretsManagerSecrets(secretsManager, { namePrefix: `${inboxName}/`, secretIds, ...options });
  if (parameterNames.size === 0) return readSecret;
  const call = parameterStoreApi({ url: config.parameterStoreUrl, config: secretsManager.config, fetch });
  const readParameter = parameterStoreSecrets(call, { parameterNames, ...options });
  return (source, deadline) => (parameterNames.has(source) ? readParameter : readSecret)(source, deadline);
}

function namesOf(option: 'secretId' | 'parameterName'): ReadonlyMap<string, string> {
  const entries = [...config.sources].flatMap(([name, source]): [string, string][] => {
    const value = source[option];
    return value === undefined ? [] : [[name, value]];
  });
  return new Map(entries);
}

/** The deployed function. Everything is built here, once, before the first request. */
export const handler = receiver({
  sources: await openSources(config.sources, providersIn(folder)),
  secrets: cachedSecrets(secretReader(), clock),
  store: dynamodbEventStore(documents, config.tableName),
  quarantine: dynamodbQuarantine(documents, config.quarantineTableName),
  payloads: s3PayloadBucket({
    url: config.payloadBucketUrl,
    prefix: config.payloadPrefix,
    config: dynamodb.config,
    fetch,
  }),
  overflow: sqsOverflowQueue(sqs, config.overflowQueueUrl),
  report: cloudwatchReport(inboxName, (line) => process.stdout.write(line), clock),
  fetch,
  clock,
});

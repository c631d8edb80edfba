import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CLIENT_LIMITS } from '../aws/client-limits.ts';
import { dynamodbEventStore } from '../events/dynamodb-event-store.ts';
import { cachedSecrets } from '../secrets/cached-secrets.ts';
import { secretsManagerSecrets } from '../secrets/secrets-manager.ts';
import { cloudwatchReport } from '../telemetry/cloudwatch-report.ts';
import { readConfig } from './config.ts';
import { receiver } from './receiver.ts';

const clock = Date.now;
const { sources, secretNamePrefix, previousSecretGraceSeconds, tableName } = readConfig(process.env);
const secrets = secretsManagerSecrets(new SecretsManagerClient(CLIENT_LIMITS), {
  namePrefix: secretNamePrefix,
  previousSecretGraceSeconds,
  clock,
});

/** The deployed function. Everything is built here, once, before the first request. */
export const handler = receiver({
  sources,
  secrets: cachedSecrets(secrets, clock),
  store: dynamodbEventStore(new DynamoDBClient(CLIENT_LIMITS), tableName),
  report: cloudwatchReport((line) => process.stdout.write(line), clock),
  fetch,
  clock,
});

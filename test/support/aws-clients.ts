import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CLIENT_LIMITS, type ClientLimits } from '../../lambda/aws/client-limits.ts';

/** As many attempts as the deployed clients make, each without a time limit: a busy machine changes no outcome. */
const PATIENT_LIMITS: ClientLimits = { maxAttempts: CLIENT_LIMITS.maxAttempts };

/** The deployed time limits with attempts to spare: on a busy machine, an attempt after a timeout may time out too. */
export const PERSISTENT_LIMITS: ClientLimits = { ...CLIENT_LIMITS, maxAttempts: 6 };

const LOCAL = { region: 'us-east-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };

/** The SDK's DynamoDB client for an endpoint on this machine. */
export function dynamodbClient(endpoint: string, limits: ClientLimits = PATIENT_LIMITS): DynamoDBClient {
  return new DynamoDBClient({ endpoint, ...LOCAL, ...limits });
}

/** The SDK's Secrets Manager client for an endpoint on this machine. */
export function secretsManagerClient(endpoint: string, limits: ClientLimits = PATIENT_LIMITS): SecretsManagerClient {
  return new SecretsManagerClient({ endpoint, ...LOCAL, ...limits });
}

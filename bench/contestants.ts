import type { SourceConfigs } from '../lambda/receiver/config.ts';
import type { Backends } from './backends-process.ts';

/** An implementation that is measured. */
export interface Contestant {
  readonly name: ContestantName;
  readonly title: string;
  /** Path of the entry file, relative to the project's folder. */
  readonly entry: string;
}

/** Short name of a contestant. */
export type ContestantName = 'floor' | 'inbox' | 'powertools' | 'get-then-put';

/** Every implementation that is measured, ours first. */
export const CONTESTANTS: readonly Contestant[] = [
  { name: 'inbox', title: 'webhook-inbox', entry: 'lambda/receiver/handler.ts' },
  { name: 'floor', title: 'bare fetch', entry: 'bench/contestants/floor.ts' },
  { name: 'powertools', title: 'Powertools idempotency, zod', entry: 'bench/contestants/powertools.ts' },
  { name: 'get-then-put', title: 'get, then put', entry: 'bench/contestants/get-then-put.ts' },
];

/** Entry file of the function that a refused forgery is compared with. It is no contestant, because it stores nothing. */
export const BARE_HMAC_ENTRY = 'bench/contestants/bare-hmac.ts';

/** Signing secret of every source. */
export const SECRET = 'a signing secret of 32 characters';
/** Prefix of a source's name that gives the secret's name in Secrets Manager. */
export const INBOX_NAME = 'bench';
/** Table of the events. */
export const TABLE_NAME = 'bench-events';
/** Table of Powertools' idempotency records. */
export const IDEMPOTENCY_TABLE_NAME = 'bench-idempotency';

/** Sources of webhook-inbox. */
export const SOURCES: SourceConfigs = {
  partner: { provider: 'generic' },
  github: { provider: 'github' },
  stripe: { provider: 'stripe' },
};

const DAY_SECONDS = 24 * 3600;

/**
 * Environment variables that Lambda and the contestants' stacks would set. webhook-inbox reads its secret from Secrets
 * Manager, the others read it from a variable.
 * @param dynamodb endpoint of DynamoDB
 */
export function environmentOf({ secretsManager }: Backends, dynamodb: string): NodeJS.ProcessEnv {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDLOCAL',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'a token as long as the ones of Lambda '.repeat(20),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager,
    TABLE_NAME,
    QUARANTINE_TABLE_NAME: 'bench-quarantine',
    PAYLOAD_BUCKET_NAME: 'bench-payloads',
    OVERFLOW_QUEUE_URL: 'https://sqs.eu-west-1.amazonaws.com/111122223333/overflow',
    INBOX_NAME,
    RETENTION_SECONDS: String(30 * DAY_SECONDS),
    PREVIOUS_SECRET_GRACE_SECONDS: String(DAY_SECONDS),
    WEBHOOK_SECRET: SECRET,
    IDEMPOTENCY_TABLE_NAME,
  };
}

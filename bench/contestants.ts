import type { Backends } from './backends-process.ts';

/** Who is measured. */
export interface Contestant {
  readonly name: ContestantName;
  readonly title: string;
  /** From the project's folder. */
  readonly entry: string;
}

/** A contestant's short name. */
export type ContestantName = 'floor' | 'inbox' | 'powertools' | 'get-then-put';

/** Who is measured, side by side. */
export const CONTESTANTS: readonly Contestant[] = [
  { name: 'inbox', title: 'webhook-inbox', entry: 'lambda/receiver/handler.ts' },
  { name: 'floor', title: 'bare fetch', entry: 'bench/contestants/floor.ts' },
  { name: 'powertools', title: 'Powertools idempotency, zod', entry: 'bench/contestants/powertools.ts' },
  { name: 'get-then-put', title: 'get, then put', entry: 'bench/contestants/get-then-put.ts' },
];

/** What a refusal is compared with: not one of them, since it stores nothing. */
export const BARE_HMAC_ENTRY = 'bench/contestants/bare-hmac.ts';

/** The signing secret of every source. */
export const SECRET = 'a signing secret of 32 characters';
/** Its name in Secrets Manager, before the source's. */
export const SECRET_NAME_PREFIX = 'bench/';
export const TABLE_NAME = 'bench-events';
export const IDEMPOTENCY_TABLE_NAME = 'bench-idempotency';

const DAY_SECONDS = 24 * 3600;

/**
 * What Lambda, the stack and the contestants' own stacks would set. webhook-inbox reads its secret from Secrets Manager,
 * the others have theirs in a variable.
 * @param dynamodb the endpoint
 */
export function environmentOf({ secretsManager }: Backends, dynamodb: string): NodeJS.ProcessEnv {
  return {
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'AKIDLOCAL',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: 'a token as long as those that Lambda gets '.repeat(20),
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodb,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secretsManager,
    TABLE_NAME,
    SECRET_NAME_PREFIX,
    RETENTION_SECONDS: String(30 * DAY_SECONDS),
    PREVIOUS_SECRET_GRACE_SECONDS: String(DAY_SECONDS),
    SOURCES: JSON.stringify({
      partner: { provider: 'generic' },
      github: { provider: 'github' },
      stripe: { provider: 'stripe' },
    }),
    WEBHOOK_SECRET: SECRET,
    IDEMPOTENCY_TABLE_NAME,
  };
}

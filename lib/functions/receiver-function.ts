import { Duration, Token } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SourceConfig } from '../../lambda/receiver/config.ts';
import type { LogGroupProps } from '../log-group.ts';
import type { SigningSecrets } from '../signing-secrets.ts';
import type { SourceProps, SourcesProps } from '../sources.ts';
import type { FunctionOptions } from './function-options.ts';
import { kmsStatement } from './kms-statement.ts';
import { nodeFunction } from './node-function.ts';
import { acknowledgeEveryObject, storeStatements } from './store-statements.ts';

/** Options of the receiver. */
export interface ReceiverFunctionProps extends LogGroupProps {
  /** Name of the inbox. */
  readonly inbox: string;
  readonly sources: SourcesProps;
  readonly secrets: SigningSecrets;
  readonly table: ITable;
  readonly quarantine: ITable;
  readonly payloadBucket: IBucket;
  /** Queue of the events that could not be stored in time. */
  readonly overflow: IQueue;
  readonly retention: Duration;
  readonly previousSecretGrace: Duration;
  /** @default - the unreserved concurrency of the account */
  readonly reservedConcurrency?: number | undefined;
  /**
   * Part of the webhook URLs before `/webhooks`.
   * @default - the URL of the API's stage
   */
  readonly publicUrl?: string | undefined;
  readonly options: FunctionOptions;
}

/** The function that receives deliveries. Its role has only the permissions that it uses. */
export class ReceiverFunction extends Construct {
  readonly function: LambdaFunction;

  constructor(scope: Construct, id: string, props: ReceiverFunctionProps) {
    super(scope, id);
    this.function = nodeFunction(this, {
      description: 'Verifies, validates and stores webhooks, each genuine event exactly once',
      name: 'receiver',
      memorySize: 1024,
      timeout: Duration.seconds(10),
      environment: environmentOf(props),
      reservedConcurrentExecutions: props.reservedConcurrency,
      encryptionKey: props.encryptionKey,
      logRetention: props.logRetention,
      options: props.options,
      role: {
        description: 'Puts events and their payloads, reads signing secrets and writes its log',
        policyName: 'Receive',
        statements: statementsOf(props),
      },
    });
    acknowledgeEveryObject(this, props.payloadBucket);
  }
}

function statementsOf({ overflow, secrets, encryptionKey, ...stores }: ReceiverFunctionProps): PolicyStatement[] {
  const secretArns = [...secrets.bySource.values()].map(({ secretArn }) => secretArn);
  const statement = (action: string, resources: string[]) => new PolicyStatement({ actions: [action], resources });
  return [
    ...storeStatements(stores),
    statement('sqs:SendMessage', [overflow.queueArn]),
    ...(secretArns.length > 0 ? [statement('secretsmanager:GetSecretValue', secretArns)] : []),
    ...(encryptionKey ? keyStatements(encryptionKey, secretArns.length > 0) : []),
  ];
}

function keyStatements(key: IKey, readsSecrets: boolean): PolicyStatement[] {
  return [
    kmsStatement(key, 'sqs', ['kms:Decrypt', 'kms:GenerateDataKey']),
    ...(readsSecrets ? [kmsStatement(key, 'secretsmanager', ['kms:Decrypt'])] : []),
  ];
}

function environmentOf(props: ReceiverFunctionProps): Record<string, string> {
  const { table, quarantine, payloadBucket, overflow, sources, inbox, publicUrl } = props;
  return {
    ...(publicUrl && { PUBLIC_URL: publicUrl }),
    TABLE_NAME: table.tableName,
    QUARANTINE_TABLE_NAME: quarantine.tableName,
    PAYLOAD_BUCKET_NAME: payloadBucket.bucketName,
    OVERFLOW_QUEUE_URL: overflow.queueUrl,
    RETENTION_SECONDS: String(props.retention.toSeconds()),
    PREVIOUS_SECRET_GRACE_SECONDS: String(props.previousSecretGrace.toSeconds()),
    INBOX_NAME: inbox,
    SOURCES: sourcesVariable(sources),
  };
}

/** The sources as the function's environment has them. */
function sourcesVariable(sources: SourcesProps): string {
  const configs = Object.entries(sources).map(([name, source]) => [name, configOf(source)]);
  return JSON.stringify(Object.fromEntries(configs));
}

/** The options that the function needs. Alarms and the API use the others. */
function configOf({ provider, retention, ...source }: SourceProps): SourceConfig {
  const { maxBodyBytes, onInvalid, publicUrl, settings } = source;
  return { provider, maxBodyBytes, onInvalid, retentionSeconds: retention?.toSeconds(), publicUrl, settings };
}

/**
 * Validates the receiver's reserved concurrency.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateReservedConcurrency(reserved = 1): string | undefined {
  if (Token.isUnresolved(reserved) || (Number.isInteger(reserved) && reserved >= 1)) return undefined;
  return `reservedConcurrency must be a whole number, at least 1, not ${reserved}; leave it out to reserve none.`;
}

/**
 * Lambda's limit for all environment variables together, less what the others take besides the inbox's name and URL; in
 * bytes.
 */
const MAX_SOURCES_BYTES = 4096 - 1100;

/**
 * Validates that the sources fit into the receiver's environment, as Lambda would otherwise fail a deployment halfway.
 * @param inbox name of the inbox, which is in the environment too
 * @param publicUrl part of the webhook URLs before `/webhooks`, which is in the environment too
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateSourcesSize(sources: SourcesProps, inbox: string, publicUrl = ''): string | undefined {
  const bytes = sourcesVariable(sources).length;
  const maxBytes = MAX_SOURCES_BYTES - inbox.length - publicUrl.length;
  if (bytes <= maxBytes) return undefined;
  return (
    `${Object.keys(sources).length} sources take ${bytes} bytes of the function's environment, which has room for ` +
    `${maxBytes}; move some of them to a second inbox.`
  );
}

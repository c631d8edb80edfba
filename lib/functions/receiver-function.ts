import { Duration, Stack, Token } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { SourceConfigs } from '../../lambda/receiver/config.ts';
import { deployedSources } from '../deployed-sources.ts';
import type { LogGroupProps } from '../log-group.ts';
import type { InboxProviders } from '../providers/inbox-providers.ts';
import type { SigningSecrets } from '../signing-secrets.ts';
import type { SourcesProps } from '../sources.ts';
import { functionCode } from './function-code.ts';
import type { FunctionOptions } from './function-options.ts';
import { kmsStatement } from './kms-statement.ts';
import { nodeFunction } from './node-function.ts';
import { receiverFiles } from './receiver-files.ts';
import { acknowledgeEverySecret, secretsStatements } from './secrets-statement.ts';
import {
  acknowledgeEveryObject,
  payloadEnvironment,
  type StoreResources,
  storeStatements,
} from './store-statements.ts';

/** Options of the receiver. */
export interface ReceiverFunctionProps extends LogGroupProps, StoreResources {
  /** Name of the inbox. */
  readonly inbox: string;
  readonly sources: SourcesProps<string>;
  readonly providers: InboxProviders;
  readonly secrets: SigningSecrets;
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
  /** The sources as the function's file has them, without the values that are unknown at synthesis. */
  readonly sources: SourceConfigs;

  constructor(scope: Construct, id: string, props: ReceiverFunctionProps) {
    super(scope, id);
    const { configs, values } = deployedSources(props.sources);
    this.sources = configs;
    this.function = nodeFunction(this, {
      description: 'Verifies, validates and stores webhooks, each genuine event exactly once',
      name: 'receiver',
      memorySize: 1024,
      timeout: Duration.seconds(10),
      code: functionCode(receiverFiles(configs, props.providers.bundles)),
      environment: environmentOf(props, values && Stack.of(this).toJsonString(values)),
      reservedConcurrentExecutions: props.reservedConcurrency,
      encryptionKey: props.encryptionKey,
      logRetention: props.logRetention,
      options: props.options,
      role: {
        description: 'Puts events and their payloads, reads signing secrets and writes its log',
        policyName: 'Receive',
        statements: statementsOf(this, props),
      },
    });
    acknowledgeEveryObject(this, props);
    acknowledgeEverySecret(this, props);
  }
}

function statementsOf(
  scope: Construct,
  { overflow, inbox, secrets, encryptionKey, ...stores }: ReceiverFunctionProps,
): PolicyStatement[] {
  return [
    ...storeStatements(stores),
    new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [overflow.queueArn] }),
    ...(encryptionKey ? [kmsStatement(encryptionKey, 'sqs', ['kms:Decrypt', 'kms:GenerateDataKey'])] : []),
    ...secretsStatements(scope, { inbox, secrets }),
  ];
}

function environmentOf(props: ReceiverFunctionProps, values: string | undefined): Record<string, string> {
  const { table, quarantine, overflow, inbox, publicUrl } = props;
  return {
    ...(publicUrl && { PUBLIC_URL: publicUrl }),
    TABLE_NAME: table.tableName,
    QUARANTINE_TABLE_NAME: quarantine.tableName,
    ...payloadEnvironment(props),
    OVERFLOW_QUEUE_URL: overflow.queueUrl,
    RETENTION_SECONDS: String(props.retention.toSeconds()),
    PREVIOUS_SECRET_GRACE_SECONDS: String(props.previousSecretGrace.toSeconds()),
    INBOX_NAME: inbox,
    ...(values && { SOURCE_VALUES: values }),
  };
}

/**
 * Validates the receiver's reserved concurrency.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateReservedConcurrency(reserved = 1): string | undefined {
  if (Token.isUnresolved(reserved) || (Number.isInteger(reserved) && reserved >= 1)) return undefined;
  return `reservedConcurrency must be a whole number, at least 1, not ${reserved}; leave it out to reserve none.`;
}

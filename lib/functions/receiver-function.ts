import { Duration, Token } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { Construct } from 'constructs';
import type { SourceConfig } from '../../lambda/receiver/config.ts';
import type { SigningSecrets } from '../signing-secrets.ts';
import type { SourceProps, SourcesProps } from '../sources.ts';
import { kmsStatement } from './kms-statement.ts';
import { nodeFunction } from './node-function.ts';

/** Options of the receiver. */
export interface ReceiverFunctionProps {
  readonly sources: SourcesProps;
  readonly secrets: SigningSecrets;
  readonly table: ITable;
  readonly retention: Duration;
  readonly previousSecretGrace: Duration;
  /** @default - the unreserved concurrency of the account */
  readonly reservedConcurrency?: number | undefined;
  /**
   * Part of the webhook URLs before `/webhooks`.
   * @default - the URL of the API's stage
   */
  readonly publicUrl?: string | undefined;
}

/** The function that receives deliveries. Its role has only the permissions that it uses. */
export class ReceiverFunction extends Construct {
  readonly function: NodejsFunction;

  constructor(scope: Construct, id: string, props: ReceiverFunctionProps) {
    super(scope, id);
    this.function = nodeFunction(this, {
      description: 'Verifies, validates and stores webhooks, each genuine event exactly once',
      entry: 'lambda/receiver/handler.ts',
      memorySize: 1024,
      timeout: Duration.seconds(10),
      environment: environmentOf(props),
      reservedConcurrentExecutions: props.reservedConcurrency,
      role: {
        description: 'Puts events, reads signing secrets and writes its log',
        policyName: 'Receive',
        statements: statementsOf(props),
      },
    });
  }
}

function statementsOf({ table, secrets }: ReceiverFunctionProps): PolicyStatement[] {
  const secretArns = [...secrets.bySource.values()].map(({ secretArn }) => secretArn);
  const statement = (action: string, resources: string[]) => new PolicyStatement({ actions: [action], resources });
  return [
    statement('dynamodb:PutItem', [table.tableArn]),
    ...(table.encryptionKey ? [kmsStatement(table.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey'])] : []),
    ...(secretArns.length > 0 ? [statement('secretsmanager:GetSecretValue', secretArns)] : []),
  ];
}

function environmentOf(props: ReceiverFunctionProps): Record<string, string> {
  const { table, retention, previousSecretGrace, sources, secrets, publicUrl } = props;
  return {
    ...(publicUrl && { PUBLIC_URL: publicUrl }),
    TABLE_NAME: table.tableName,
    RETENTION_SECONDS: String(retention.toSeconds()),
    PREVIOUS_SECRET_GRACE_SECONDS: String(previousSecretGrace.toSeconds()),
    SECRET_NAME_PREFIX: secrets.namePrefix,
    SOURCES: sourcesVariable(sources),
  };
}

/** The sources as the function's environment has them. */
function sourcesVariable(sources: SourcesProps): string {
  const configs = Object.entries(sources).map(([name, source]) => [name, configOf(source)]);
  return JSON.stringify(Object.fromEntries(configs));
}

/** The options that the function needs. Alarms and the API use the others. */
function configOf({ provider, maxBodyBytes, retention, publicUrl, settings }: SourceProps): SourceConfig {
  return { provider, maxBodyBytes, retentionSeconds: retention?.toSeconds(), publicUrl, settings };
}

/**
 * Validates the receiver's reserved concurrency.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateReservedConcurrency(reserved = 1): string | undefined {
  if (Token.isUnresolved(reserved) || (Number.isInteger(reserved) && reserved >= 1)) return undefined;
  return `reservedConcurrency must be a whole number, at least 1, not ${reserved}; leave it out to reserve none.`;
}

/** Lambda's limit for all environment variables together, less what the others take; in bytes. */
const MAX_SOURCES_BYTES = 4096 - 600;

/**
 * Validates that the sources fit into the receiver's environment, as Lambda would otherwise fail a deployment halfway.
 * @param publicUrl part of the webhook URLs before `/webhooks`, which is in the environment too
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateSourcesSize(sources: SourcesProps, publicUrl = ''): string | undefined {
  const bytes = sourcesVariable(sources).length;
  const maxBytes = MAX_SOURCES_BYTES - publicUrl.length;
  if (bytes <= maxBytes) return undefined;
  return (
    `${Object.keys(sources).length} sources take ${bytes} bytes of the function's environment, which has room for ` +
    `${maxBytes}; move some of them to a second inbox.`
  );
}

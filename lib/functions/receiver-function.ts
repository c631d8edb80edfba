import { Duration, RemovalPolicy, Token } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { NodejsFunction } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { SourceConfig } from '../../lambda/receiver/config.ts';
import type { SigningSecrets } from '../signing-secrets.ts';
import type { SourceProps, SourcesProps } from '../sources.ts';
import { kmsStatement } from './kms-statement.ts';
import { nodeFunction } from './node-function.ts';

/** What the receiver works on. */
export interface ReceiverFunctionProps {
  readonly sources: SourcesProps;
  readonly secrets: SigningSecrets;
  readonly table: ITable;
  readonly retention: Duration;
  readonly previousSecretGrace: Duration;
  /**
   * How many requests it works on at once: that many are set aside for it, and it gets no more.
   * @default as many as the account has left
   */
  readonly reservedConcurrency?: number | undefined;
  /** What comes before `/webhooks` in the URLs that providers were given. @default the API's own */
  readonly publicUrl?: string | undefined;
}

/** The function that receives, under a role of its own that can do nothing but what it does. */
export class ReceiverFunction extends Construct {
  readonly function: NodejsFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ReceiverFunctionProps) {
    super(scope, id);
    checkConcurrency(props.reservedConcurrency);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = nodeFunction(this, 'Function', {
      description: 'Verifies, validates and stores webhooks, each genuine event exactly once',
      entry: 'lambda/receiver/handler.ts',
      memorySize: 1024,
      timeout: Duration.seconds(10),
      role: this.role(props),
      logGroup: this.logGroup,
      environment: this.environment(props),
      reservedConcurrentExecutions: props.reservedConcurrency,
    });
  }

  private role({ table, secrets }: ReceiverFunctionProps): Role {
    const statement = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
    const secretArns = [...secrets.bySource.values()].map((secret) => secret.secretArn);
    return new Role(this, 'Role', {
      description: 'Puts events, reads its signing secrets, writes its log; nothing else',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Receive: new PolicyDocument({
          statements: [
            statement(['dynamodb:PutItem'], [table.tableArn]),
            ...(table.encryptionKey ? [kmsStatement(table.encryptionKey, ['kms:Decrypt', 'kms:GenerateDataKey'])] : []),
            ...(secretArns.length > 0 ? [statement(['secretsmanager:GetSecretValue'], secretArns)] : []),
            statement(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]),
          ],
        }),
      },
    });
  }

  private environment({ table, retention, previousSecretGrace, sources, secrets, publicUrl }: ReceiverFunctionProps) {
    return {
      ...(publicUrl && { PUBLIC_URL: publicUrl }),
      TABLE_NAME: table.tableName,
      RETENTION_SECONDS: String(retention.toSeconds()),
      PREVIOUS_SECRET_GRACE_SECONDS: String(previousSecretGrace.toSeconds()),
      SECRET_NAME_PREFIX: secrets.namePrefix,
      SOURCES: sourcesVariable(sources, MAX_SOURCES_BYTES - (publicUrl?.length ?? 0)),
    };
  }
}

function checkConcurrency(reserved = 1): void {
  if (Token.isUnresolved(reserved) || (Number.isInteger(reserved) && reserved >= 1)) return;
  throw new Error(
    `reservedConcurrency must be a whole number, 1 at least, not ${reserved}; leave it out for no limit.`,
  );
}

/** What Lambda allows for all environment variables together, less what the others take; in bytes. */
const MAX_SOURCES_BYTES = 4096 - 600;

/** What the function is told of a source; the rest is the API's. */
function configOf({ allowedCidrs, throttle, retention, ...source }: SourceProps): SourceConfig {
  return { ...source, ...(retention && { retentionSeconds: retention.toSeconds() }) };
}

/** @throws {Error} where there are too many sources: better at synth than in the middle of a deployment */
function sourcesVariable(sources: SourcesProps, maxBytes: number): string {
  const configs = Object.entries(sources).map(([name, source]) => [name, configOf(source)]);
  const variable = JSON.stringify(Object.fromEntries(configs));
  if (variable.length <= maxBytes) return variable;
  throw new Error(
    `${Object.keys(sources).length} sources take ${variable.length} bytes of the function's environment, which has room ` +
      `for ${maxBytes}: put some of them into a second inbox.`,
  );
}

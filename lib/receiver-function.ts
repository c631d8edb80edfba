import { fileURLToPath } from 'node:url';
import { ArnFormat, Duration, Fn, RemovalPolicy, Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { SourceConfig } from '../lambda/config.ts';
import type { SourceProps } from './sources.ts';

/** What the receiver works on. */
export interface ReceiverFunctionProps {
  readonly sources: Readonly<Record<string, SourceProps>>;
  readonly secrets: ReadonlyMap<string, ISecret>;
  readonly table: ITable;
  readonly retention: Duration;
  readonly previousSecretGrace: Duration;
}

const fileOf = (path: string) => fileURLToPath(new URL(`../${path}`, import.meta.url));

/** What Lambda allows for all environment variables together, in bytes. */
const MAX_ENVIRONMENT_BYTES = 4096;
/** What CloudFormation makes of a secret's name at most: its logical id's beginning, and random characters. */
const SECRET_NAME_BYTES = 64;
/** The variables other than `SOURCES`, at their longest. */
const OTHER_VARIABLES_BYTES = 500;

/** The function that receives, under a role of its own that can do nothing but what it does. */
export class ReceiverFunction extends Construct {
  readonly function: NodejsFunction;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: ReceiverFunctionProps) {
    super(scope, id);
    checkEnvironmentSize(props);
    this.logGroup = new LogGroup(this, 'Logs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.function = new NodejsFunction(this, 'Function', {
      description: 'Verifies, validates and stores webhooks, each genuine event exactly once',
      entry: fileOf('lambda/receive.ts'),
      depsLockFilePath: fileOf('package-lock.json'),
      projectRoot: fileOf(''),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: 1024,
      timeout: Duration.seconds(10),
      role: this.role(props),
      logGroup: this.logGroup,
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      environment: this.environment(props),
      awsSdkConnectionReuse: false,
      bundling: {
        format: OutputFormat.ESM,
        target: 'node24',
        minify: true,
        mainFields: ['module', 'main'],
        bundleAwsSDK: true,
        externalModules: [],
      },
    });
  }

  private role({ table, secrets }: ReceiverFunctionProps): Role {
    const statement = (actions: string[], resources: string[]) => new PolicyStatement({ actions, resources });
    return new Role(this, 'Role', {
      description: 'Puts events, reads its signing secrets, writes its log; nothing else',
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      inlinePolicies: {
        Receive: new PolicyDocument({
          statements: [
            statement(['dynamodb:PutItem'], [table.tableArn]),
            statement(
              ['secretsmanager:GetSecretValue'],
              [...secrets.values()].map((secret) => secret.secretArn),
            ),
            statement(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]),
          ],
        }),
      },
    });
  }

  private environment({ table, retention, previousSecretGrace, sources, secrets }: ReceiverFunctionProps) {
    const stack = Stack.of(this);
    const configs = Object.entries(sources).map(([name, source]) => [name, sourceConfig(source, secrets.get(name))]);
    return {
      TABLE_NAME: table.tableName,
      RETENTION_SECONDS: String(retention.toSeconds()),
      PREVIOUS_SECRET_GRACE_SECONDS: String(previousSecretGrace.toSeconds()),
      SECRET_ARN_PREFIX: stack.formatArn({
        service: 'secretsmanager',
        resource: 'secret',
        resourceName: '',
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      }),
      SOURCES: stack.toJsonString(Object.fromEntries(configs)),
    };
  }
}

/** What the function is told of a source. Of its secret, what follows the prefix that all ARNs share: room is scarce. */
function sourceConfig({ provider, maxBodyBytes }: SourceProps, secret: ISecret | undefined): SourceConfig {
  return {
    provider,
    secret: Fn.select(6, Fn.split(':', secret?.secretArn ?? '')),
    ...(maxBodyBytes !== undefined && { maxBodyBytes }),
  };
}

/** Better at synth than in the middle of a deployment. */
function checkEnvironmentSize({ sources }: ReceiverFunctionProps): void {
  const withoutSecrets = Object.entries(sources).map(([name, { provider, maxBodyBytes }]) => {
    return JSON.stringify({ [name]: { provider, secret: '', maxBodyBytes } }).length + SECRET_NAME_BYTES;
  });
  const bytes = OTHER_VARIABLES_BYTES + withoutSecrets.reduce((sum, each) => sum + each, 0);
  if (bytes <= MAX_ENVIRONMENT_BYTES) return;
  throw new Error(
    `${Object.keys(sources).length} sources need about ${bytes} bytes of the function's environment, and Lambda allows ` +
      `${MAX_ENVIRONMENT_BYTES}: put some of them into a second inbox.`,
  );
}

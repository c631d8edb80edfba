import { fileURLToPath } from 'node:url';
import type { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, LoggingFormat, Runtime, SystemLogLevel } from 'aws-cdk-lib/aws-lambda';
import { LogLevel, NodejsFunction, OutputFormat } from 'aws-cdk-lib/aws-lambda-nodejs';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { addLogGroup, type LogGroupProps } from '../log-group.ts';
import { FUNCTION_BUNDLE } from './function-bundle.ts';

/** Options of a function. */
export interface NodeFunctionProps extends LogGroupProps {
  readonly description: string;
  /** File that exports `handler`, relative to the project's folder. */
  readonly entry: string;
  readonly timeout: Duration;
  /** Megabytes. */
  readonly memorySize: number;
  readonly environment: Record<string, string>;
  readonly role: FunctionRoleProps;
  /** @default - the unreserved concurrency of the account */
  readonly reservedConcurrentExecutions?: number | undefined;
}

/** Options of a function's role. */
export interface FunctionRoleProps {
  readonly description: string;
  /** Name of the role's inline policy. */
  readonly policyName: string;
  /** Permissions of the function, in addition to writing its log. */
  readonly statements: readonly PolicyStatement[];
}

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));

/**
 * Adds a function to the scope, with its log group and its role: `Function`, `Logs` and `Role`. The function is one
 * minified file that includes the AWS SDK, runs on ARM and logs JSON.
 */
export function nodeFunction(scope: Construct, options: NodeFunctionProps): NodejsFunction {
  const { entry, role, logRetention, encryptionKey, ...props } = options;
  const logGroup = addLogGroup(scope, { logRetention, encryptionKey });
  return new NodejsFunction(scope, 'Function', {
    ...props,
    role: functionRole(scope, role, logGroup),
    logGroup,
    entry: fileOf(entry),
    depsLockFilePath: fileOf('package-lock.json'),
    projectRoot: fileOf(''),
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.WARN,
    awsSdkConnectionReuse: false,
    bundling: {
      ...FUNCTION_BUNDLE,
      format: OutputFormat.ESM,
      bundleAwsSDK: true,
      logLevel: LogLevel.WARNING,
    },
  });
}

function functionRole(scope: Construct, props: FunctionRoleProps, { logGroupArn }: LogGroup): Role {
  const { description, policyName, statements } = props;
  const actions = ['logs:CreateLogStream', 'logs:PutLogEvents'];
  const logging = new PolicyStatement({ actions, resources: [logGroupArn] });
  return new Role(scope, 'Role', {
    description,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { [policyName]: new PolicyDocument({ statements: [...statements, logging] }) },
  });
}

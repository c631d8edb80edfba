import { join } from 'node:path';
import type { Duration } from 'aws-cdk-lib';
import { PolicyDocument, PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { addLogGroup, type LogGroupProps } from '../log-group.ts';

/** A function of an inbox. */
export type FunctionName = 'receiver' | 'forwarder' | 'overflow';

/** Options of a function. */
export interface NodeFunctionProps extends LogGroupProps {
  readonly description: string;
  /** Folder of the function in lambda. */
  readonly name: FunctionName;
  readonly timeout: Duration;
  /** Megabytes. */
  readonly memorySize: number;
  readonly environment: Record<string, string>;
  readonly role: FunctionRoleProps;
  /** @default - the bundle of the function */
  readonly code?: Code;
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

/** The bundles that `npm run build` makes. The path is the same from this folder as from the package's entry, dist/lib. */
export const BUNDLES = join(import.meta.dirname, '../../dist/functions');

/**
 * Adds a function to the scope, with its log group and its role: `Function`, `Logs` and `Role`. The function is
 * minified, includes the AWS SDK, runs on ARM and logs JSON.
 */
export function nodeFunction(scope: Construct, options: NodeFunctionProps): LambdaFunction {
  const { name, code = Code.fromAsset(join(BUNDLES, name)), role, logRetention, encryptionKey, ...props } = options;
  const logGroup = addLogGroup(scope, { logRetention, encryptionKey });
  return new LambdaFunction(scope, 'Function', {
    ...props,
    role: functionRole(scope, role, logGroup),
    logGroup,
    code,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture: Architecture.ARM_64,
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.WARN,
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

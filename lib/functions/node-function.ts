import type { Duration } from 'aws-cdk-lib';
import {
  Effect,
  type IRole,
  Policy,
  PolicyDocument,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  type CfnFunction,
  type Code,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { addLogGroup, type LogGroupProps } from '../log-group.ts';
import { functionCode } from './function-code.ts';
import { functionFiles } from './function-files.ts';
import type { FunctionName, FunctionOptions } from './function-options.ts';

/** Options of a function. */
export interface NodeFunctionProps extends LogGroupProps {
  readonly description: string;
  /** Folder of the function in lambda. */
  readonly name: FunctionName;
  readonly timeout: Duration;
  /** Megabytes, unless the options have another size. */
  readonly memorySize: number;
  readonly environment: Record<string, string>;
  readonly role: FunctionRoleProps;
  /** @default - the bundle of the function */
  readonly code?: Code;
  /** @default - the unreserved concurrency of the account */
  readonly reservedConcurrentExecutions?: number | undefined;
  /** What the app chose for this function. */
  readonly options: FunctionOptions;
}

/** Options of a function's role. */
export interface FunctionRoleProps {
  readonly description: string;
  /** Name of the role's inline policy. */
  readonly policyName: string;
  /** Permissions of the function, in addition to writing its log. */
  readonly statements: readonly PolicyStatement[];
}

/**
 * Adds a function to the scope, with its log group and its role: `Function`, `Logs` and `Role`. If the options have a
 * role, it gets the policy `Policy` instead. The function is minified, includes the AWS SDK, runs on ARM unless the
 * options choose otherwise, and logs JSON.
 */
export function nodeFunction(scope: Construct, props: NodeFunctionProps): LambdaFunction {
  const { name, code = functionCode(functionFiles(name)), role, logRetention, encryptionKey, ...rest } = props;
  const { options, memorySize, ...others } = rest;
  const { vpc, vpcSubnets, securityGroups, tracing = Tracing.DISABLED, architecture = Architecture.ARM_64 } = options;
  const logGroup = addLogGroup(scope, { logRetention, encryptionKey });
  const statements = [...role.statements, ...serviceStatements(logGroup, options)];
  const policy = options.role && existingRolePolicy(scope, options.role, statements);
  const fn = new LambdaFunction(scope, 'Function', {
    ...others,
    memorySize: options.memorySize ?? memorySize,
    role: options.role ?? newRole(scope, role, statements),
    logGroup,
    code,
    handler: 'index.handler',
    runtime: Runtime.NODEJS_24_X,
    architecture,
    loggingFormat: LoggingFormat.JSON,
    systemLogLevelV2: SystemLogLevel.WARN,
    ...(vpc && { vpc }),
    ...(vpcSubnets && { vpcSubnets }),
    ...(securityGroups && { securityGroups: [...securityGroups] }),
  });
  if (policy) fn.node.addDependency(policy);
  if (vpc || tracing !== Tracing.DISABLED) acknowledgeEveryResource(scope);
  // The prop of `Function` would add a second policy to the role.
  if (tracing !== Tracing.DISABLED) (fn.node.defaultChild as CfnFunction).tracingConfig = { mode: tracing };
  return fn;
}

function newRole(scope: Construct, props: FunctionRoleProps, statements: PolicyStatement[]): Role {
  const { description, policyName } = props;
  return new Role(scope, 'Role', {
    description,
    assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
    inlinePolicies: { [policyName]: new PolicyDocument({ statements }) },
  });
}

/**
 * The policy is in the scope, so that the stack of a role that is in another stack does not depend on the inbox. A role
 * that cannot be changed ignores the policy, which then is not in the template.
 */
function existingRolePolicy(scope: Construct, role: IRole, statements: PolicyStatement[]): Policy {
  const policy = new Policy(scope, 'Policy', { statements });
  role.attachInlinePolicy(policy);
  return policy;
}

/** What every function may do: write its log, and use the services that its options name. */
function serviceStatements({ logGroupArn }: LogGroup, { vpc, tracing }: FunctionOptions): PolicyStatement[] {
  const statement = (actions: string[], resource: string) => new PolicyStatement({ actions, resources: [resource] });
  return [
    statement(['logs:CreateLogStream', 'logs:PutLogEvents'], logGroupArn),
    ...(tracing && tracing !== Tracing.DISABLED ? [statement(TRACING_ACTIONS, '*')] : []),
    ...(vpc ? networkStatements() : []),
  ];
}

/** Segments have no ARNs. */
const TRACING_ACTIONS = ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'];

/**
 * The permissions to manage network interfaces, which Lambda uses on behalf of the function. The function's own code has
 * none of them: only its calls have the key `lambda:SourceFunctionArn`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html#configuration-vpc-permissions
 */
function networkStatements(): PolicyStatement[] {
  const actions = [
    'ec2:CreateNetworkInterface',
    'ec2:DescribeNetworkInterfaces',
    'ec2:DescribeSubnets',
    'ec2:DeleteNetworkInterface',
    'ec2:AssignPrivateIpAddresses',
    'ec2:UnassignPrivateIpAddresses',
  ];
  const conditions = { Null: { 'lambda:SourceFunctionArn': 'false' } };
  return [
    new PolicyStatement({ actions, resources: ['*'] }),
    new PolicyStatement({ effect: Effect.DENY, actions, resources: ['*'], conditions }),
  ];
}

function acknowledgeEveryResource(scope: Construct): void {
  acknowledge(scope, {
    rule: 'IAM5',
    finding: 'Resource::*',
    reason: 'Traces have no ARNs, and those of network interfaces are unknown before Lambda creates them.',
  });
}

import { Token } from 'aws-cdk-lib';
import type { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import type { IRole } from 'aws-cdk-lib/aws-iam';
import { type Architecture, Tracing } from 'aws-cdk-lib/aws-lambda';

/** Options of a function that several functions may have in common. */
export interface SharedFunctionOptions {
  /**
   * Memory in megabytes: a whole number from 128 to 10,240. CPU is proportional to it. Below 512, a cold start of the
   * receiver may take longer than providers wait.
   * @default - 1024; 512 for the forwarder
   */
  readonly memorySize?: number;
  /**
   * Processor architecture. The functions are JavaScript without binaries, so they run on either.
   * @default Architecture.ARM_64
   */
  readonly architecture?: Architecture;
  /**
   * X-Ray tracing. Lambda then traces invocations, and the role may send traces to X-Ray.
   * @default Tracing.DISABLED
   */
  readonly tracing?: Tracing;
  /**
   * VPC that the function has its network interfaces in. The function then reaches AWS only through NAT or VPC endpoints:
   * docs/operations.md#vpc lists them. The role may manage network interfaces, except from the function's code.
   * @default - no VPC
   */
  readonly vpc?: IVpc;
  /**
   * Subnets of the VPC. Choose at least two Availability Zones.
   * @default - the private subnets with egress, as of `Function` in aws-cdk-lib
   */
  readonly vpcSubnets?: SubnetSelection;
  /**
   * Security groups of the function's network interfaces. The function needs outbound HTTPS only.
   * @default - a new group, which allows all outbound and no inbound traffic
   */
  readonly securityGroups?: readonly ISecurityGroup[];
}

/** Options of one function. */
export interface FunctionOptions extends SharedFunctionOptions {
  /**
   * Existing role that Lambda may assume. The inbox adds the permissions that the function needs to it, as a policy of
   * the inbox's stack. A role that cannot be changed (`mutable: false`, or of another account) needs them beforehand:
   * docs/operations.md#existing-roles.
   * @default - a new role with exactly the permissions that the function needs
   */
  readonly role?: IRole;
}

/** Options of all functions, and of single functions, which take precedence. */
export interface FunctionsProps extends SharedFunctionOptions {
  /**
   * Options of the function that receives the deliveries.
   * @default - the options of all functions
   */
  readonly receiver?: FunctionOptions;
  /**
   * Options of the function that stores the events of the overflow queue.
   * @default - the options of all functions
   */
  readonly overflow?: FunctionOptions;
  /**
   * Options of the function that forwards stored events. They have no effect if `forwarding` is `false`.
   * @default - the options of all functions
   */
  readonly forwarder?: FunctionOptions;
}

/** A function of an inbox. */
export type FunctionName = 'receiver' | 'forwarder' | 'overflow';

/** The options of one function: its own, and those of all functions. */
export function functionOptions(props: FunctionsProps, name: FunctionName): FunctionOptions {
  const { receiver, overflow, forwarder, ...shared } = props;
  return { ...shared, ...{ receiver, overflow, forwarder }[name] };
}

/**
 * Validates the options of the functions, also for callers without type checks.
 * @returns what is wrong and how to fix it, or `undefined`
 */
export function validateFunctions(props: FunctionsProps): string | undefined {
  if ('role' in props) {
    return "functions.role would give every function the permissions of all; set functions.receiver.role and the others' instead.";
  }
  const names = ['receiver', 'overflow', 'forwarder'] as const;
  const { receiver, overflow, forwarder, ...shared } = props;
  const given = names.filter((name) => props[name]).map((name) => [`functions.${name}`, functionOptions(props, name)]);
  for (const [path, options] of [['functions', shared], ...given] as [string, FunctionOptions][]) {
    const message = validateOptions(options);
    if (message) return `${path}.${message}`;
  }
  return undefined;
}

function validateOptions(options: FunctionOptions): string | undefined {
  return (
    validateMemory(options) ?? validateArchitecture(options) ?? validateTracing(options) ?? validateNetwork(options)
  );
}

/** @see https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html */
function validateMemory({ memorySize = 1024 }: FunctionOptions): string | undefined {
  const isValid = Number.isInteger(memorySize) && memorySize >= 128 && memorySize <= 10_240;
  if (Token.isUnresolved(memorySize) || isValid) return undefined;
  return `memorySize must be a whole number of megabytes from 128 to 10240, not ${memorySize}.`;
}

function validateArchitecture({ architecture }: FunctionOptions): string | undefined {
  if (architecture === undefined || architecture.name) return undefined;
  return 'architecture must be Architecture.ARM_64 or Architecture.X86_64.';
}

function validateTracing({ tracing }: FunctionOptions): string | undefined {
  if (tracing === undefined || Object.values(Tracing).includes(tracing)) return undefined;
  return 'tracing must be Tracing.ACTIVE, Tracing.PASS_THROUGH or Tracing.DISABLED.';
}

function validateNetwork({ vpc, vpcSubnets, securityGroups }: FunctionOptions): string | undefined {
  if (securityGroups?.length === 0) return 'securityGroups is empty; leave it out for a new group.';
  if (vpc) return undefined;
  if (vpcSubnets) return 'vpcSubnets needs the VPC of the subnets; set vpc too.';
  return securityGroups && 'securityGroups needs the VPC of the groups; set vpc too.';
}

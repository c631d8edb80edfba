import { CloudFormationClient, DescribeStacksCommand, type Stack } from '@aws-sdk/client-cloudformation';
import { UsageError } from '../arguments.ts';
import { explained } from './aws-errors.ts';

/** The stack of bin/app.ts. */
export const STANDARD_STACK = 'WebhookInbox';

/** A deployed stack's outputs by key, such as `TableName`. */
export type StackOutputs = ReadonlyMap<string, string>;

/**
 * Reads the outputs of a deployed stack, with the credentials and the region of the environment.
 * @throws {UsageError} if there is no such stack, or it cannot be read
 */
export async function stackOutputs(stackName: string): Promise<StackOutputs> {
  const { Outputs = [] } = await describe(stackName);
  return new Map(Outputs.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
}

/**
 * One output of a stack.
 * @param hint why a stack may lack it, or what to do
 * @throws {UsageError} if the stack has no such output
 */
export function outputOf(outputs: StackOutputs, key: string, hint: string): string {
  const value = outputs.get(key);
  if (!value) throw new UsageError(`The stack has no output ${key}: ${hint}`);
  return value;
}

/** The table that events are stored in, and the bus that they are forwarded to. */
export interface ForwardingOutputs {
  readonly tableName: string;
  readonly busName: string;
  /** The bucket that holds payloads that are too large for an item. */
  readonly payloadBucketName: string;
}

/** @throws {UsageError} if the stack is not of an inbox, or of one without forwarding */
export function forwardingOutputs(outputs: StackOutputs): ForwardingOutputs {
  return {
    tableName: outputOf(outputs, 'TableName', 'is it the stack of an inbox?'),
    busName: busNameOf(outputs),
    payloadBucketName: outputOf(outputs, 'PayloadBucketName', 'deploy this version of the inbox first.'),
  };
}

/** @throws {UsageError} if the stack is of an inbox without forwarding */
export function busNameOf(outputs: StackOutputs): string {
  return outputOf(outputs, 'BusName', 'the inbox was deployed without forwarding.');
}

async function describe(stackName: string): Promise<Stack> {
  try {
    const { Stacks = [] } = await new CloudFormationClient().send(new DescribeStacksCommand({ StackName: stackName }));
    const [stack] = Stacks;
    if (stack) return stack;
  } catch (error) {
    if (!isMissing(error)) throw explained(error, `read the outputs of the stack ${stackName}`);
  }
  throw new UsageError(
    `There is no stack ${stackName} in this account and region. Name it with --stack, and check AWS_PROFILE and AWS_REGION.`,
  );
}

/** CloudFormation has no separate error for a missing stack. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist');
}

import { CloudFormationClient, DescribeStacksCommand, type Output, type Stack } from '@aws-sdk/client-cloudformation';
import * as v from 'valibot';
import type { BusEntryOptions } from '../../lambda/forwarder/bus-entry.ts';
import type { InboxOutputName } from '../../lib/inbox-outputs.ts';
import { UsageError } from '../arguments.ts';
import { explained } from './aws-errors.ts';
import { type NamedInbox, STANDARD_STACK } from './named-inbox.ts';

/** The outputs of a deployed inbox by name. */
export type DeployedOutputs = Readonly<Partial<Record<InboxOutputName, string>>>;

/**
 * Reads the outputs of a deployed inbox from its stack, with the credentials and the region of the environment.
 * @throws {UsageError} if the stack cannot be read, or does not have the inbox, or if it has several and none is named
 */
export async function inboxOutputs({ stack = STANDARD_STACK, inbox }: NamedInbox): Promise<DeployedOutputs> {
  const { StackName = stack, Outputs = [] } = await describe(stack);
  const inboxes = new Map(Outputs.flatMap(inboxIn).map((each) => [pathOf(each, StackName), each]));
  if (inboxes.size === 0) throw new UsageError(`The stack ${stack} has no inbox. ${OTHER_STACK}`);
  const [only, ...others] = inboxes.values();
  if (inbox === undefined && only && others.length === 0) return only;
  return inboxNamed(inbox, inboxes, StackName);
}

const OTHER_STACK = 'Name the stack of an inbox with --stack, or deploy this version of the inbox first.';

/** The inboxes by their path in the stack. */
function inboxNamed(name: string | undefined, inboxes: ReadonlyMap<string, DeployedOutputs>, stack: string) {
  const all = `The inboxes of the stack ${stack} are: ${[...inboxes.keys()].join(', ')}.`;
  if (name === undefined) throw new UsageError(`Name one inbox with --inbox. ${all}`);
  const named = inboxes.get(name) ?? inboxes.get(pathOf({ InboxName: name }, stack));
  if (!named) throw new UsageError(`There is no inbox ${name}. ${all}`);
  return named;
}

/** An inbox's name begins with its stack's. */
function pathOf({ InboxName = '' }: DeployedOutputs, stack: string): string {
  return InboxName.startsWith(`${stack}/`) ? InboxName.slice(stack.length + 1) : InboxName;
}

const Inbox = v.pipe(v.string(), v.parseJson(), v.objectWithRest({ InboxName: v.string() }, v.string()));

function inboxIn({ OutputValue }: Output): DeployedOutputs[] {
  const inbox = v.safeParse(Inbox, OutputValue);
  return inbox.success ? [inbox.output] : [];
}

/**
 * One output of an inbox.
 * @param hint why an inbox may lack it, or what to do
 * @throws {UsageError} if the inbox has no such output
 */
export function outputOf(
  outputs: DeployedOutputs,
  name: InboxOutputName,
  hint = 'deploy this version of the inbox first.',
): string {
  const value = outputs[name];
  if (!value) throw new UsageError(`The inbox has no output ${name}: ${hint}`);
  return value;
}

/** Where consumers find what an entry of the bus leaves out, and the bus. */
export interface ForwardingOutputs extends BusEntryOptions {
  readonly busName: string;
}

/** @throws {UsageError} if the inbox is without forwarding */
export function forwardingOutputs(outputs: DeployedOutputs): ForwardingOutputs {
  return { ...entryPlaces(outputs), busName: busNameOf(outputs) };
}

/**
 * Where consumers of a deployed inbox find what an entry of the bus leaves out.
 * @throws {UsageError} if it was deployed by a version that has no such outputs
 */
export function entryPlaces(outputs: DeployedOutputs): BusEntryOptions {
  return {
    tableName: outputOf(outputs, 'TableName'),
    payloadBucketName: outputOf(outputs, 'PayloadBucketName'),
  };
}

/** @throws {UsageError} if the inbox is without forwarding */
export function busNameOf(outputs: DeployedOutputs): string {
  return outputOf(outputs, 'BusName', 'the inbox was deployed without forwarding.');
}

async function describe(stackName: string): Promise<Stack> {
  const client = new CloudFormationClient();
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName: stackName }));
    const [stack] = Stacks;
    if (stack) return stack;
  } catch (error) {
    if (!isMissing(error)) throw explained(error, `read the outputs of the stack ${stackName}`);
  }
  throw new UsageError(
    `There is no stack ${stackName} in this account in the region ${await client.config.region()}. Name it with --stack, and check AWS_PROFILE and AWS_REGION.`,
  );
}

/** CloudFormation has no separate error for a missing stack. */
function isMissing(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationError' && error.message.includes('does not exist');
}

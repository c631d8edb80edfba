import { DescribeEventBusCommand, EventBridgeClient, ResourceNotFoundException } from '@aws-sdk/client-eventbridge';
import { UsageError } from '../arguments.ts';
import { withAdvice } from './aws-errors.ts';
import type { RedeliveryResources } from './redelivery.ts';
import { busNameOf, forwardingOutputs, STANDARD_STACK, stackOutputs } from './stack-outputs.ts';

/** The resources that the user named. */
export interface NamedResources {
  readonly stack?: string | undefined;
  readonly table?: string | undefined;
  readonly bus?: string | undefined;
  readonly bucket?: string | undefined;
}

/**
 * Finds the resources of a redelivery: those of a stack, or a table whose stack may be gone.
 * @throws {UsageError} if they are ambiguous, or the stack or the bus does not exist
 */
export async function redeliveryResources({ table, ...named }: NamedResources): Promise<RedeliveryResources> {
  const { stack, bus, bucket } = named;
  if (table !== undefined)
    return { tableName: table, payloadBucketName: bucket, busName: await busFor({ stack, bus }) };
  if (bus !== undefined || bucket !== undefined) throw new UsageError('Give --bus and --bucket only with --table.');
  return forwardingOutputs(await stackOutputs(stack ?? STANDARD_STACK));
}

async function busFor({ stack, bus }: Pick<NamedResources, 'stack' | 'bus'>): Promise<string> {
  if (bus === undefined) return await busOfStack(stack ?? STANDARD_STACK);
  if (stack !== undefined) throw new UsageError('Give --bus or --stack, not both: each names the bus.');
  await checkBus(bus);
  return bus;
}

async function busOfStack(stack: string): Promise<string> {
  try {
    return busNameOf(await stackOutputs(stack));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${error.message} Or name the bus with --bus.`, { cause: error });
  }
}

/**
 * Checks that a bus exists: EventBridge accepts events for one that does not, and drops them.
 * @see https://github.com/aws/aws-sdk/issues/186
 */
async function checkBus(name: string): Promise<void> {
  const describe = () => new EventBridgeClient().send(new DescribeEventBusCommand({ Name: name }));
  await withAdvice(`read the bus ${name}`, () => describe().catch((error) => explainMissing(error, name)));
}

function explainMissing(error: unknown, name: string): never {
  if (!(error instanceof ResourceNotFoundException)) throw error;
  throw new UsageError(`There is no event bus ${name} in this account and region. Check AWS_PROFILE and AWS_REGION.`, {
    cause: error,
  });
}

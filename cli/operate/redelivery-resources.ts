import { DescribeEventBusCommand, EventBridgeClient, ResourceNotFoundException } from '@aws-sdk/client-eventbridge';
import { UsageError } from '../arguments.ts';
import { withAdvice } from './aws-errors.ts';
import type { NamedInbox } from './named-inbox.ts';
import type { RedeliveryResources } from './redelivery.ts';
import { busNameOf, forwardingOutputs, inboxOutputs } from './stack-outputs.ts';

/** The resources that the user named. */
export interface NamedResources extends NamedInbox {
  readonly table?: string | undefined;
  readonly bus?: string | undefined;
  readonly bucket?: string | undefined;
}

/**
 * Finds the resources of a redelivery: those of an inbox, or a table whose stack may be gone.
 * @throws {UsageError} if they are ambiguous, or the inbox or the bus does not exist
 */
export async function redeliveryResources({ table, ...named }: NamedResources): Promise<RedeliveryResources> {
  const { bus, bucket, ...inbox } = named;
  if (table !== undefined) return { tableName: table, payloadBucketName: bucket, busName: await busFor(inbox, bus) };
  if (bus !== undefined || bucket !== undefined) throw new UsageError('Give --bus and --bucket only with --table.');
  return forwardingOutputs(await inboxOutputs(inbox));
}

async function busFor(named: NamedInbox, bus: string | undefined): Promise<string> {
  if (bus === undefined) return await busOfInbox(named);
  if (named.stack !== undefined || named.inbox !== undefined)
    throw new UsageError('Give --bus, or --stack and --inbox, not both: each names the bus.');
  await checkBus(bus);
  return bus;
}

async function busOfInbox(named: NamedInbox): Promise<string> {
  try {
    return busNameOf(await inboxOutputs(named));
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

import { CfnOutput, Names } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { EventForwarding } from './functions/event-forwarding.ts';
import { outermostStack } from './inbox-name.ts';
import type { InboxResources } from './inbox-resources.ts';

/** An output that every inbox has, or every inbox with forwarding, with an archive, or with a prefix of payloads. */
export type InboxOutputName =
  | 'InboxName'
  | 'UrlPrefix'
  | 'TableName'
  | 'QuarantineTableName'
  | 'PayloadBucketName'
  | 'PayloadPrefix'
  | 'ReceiverName'
  | 'ReceiverLogGroupName'
  | 'OverflowQueueUrl'
  | 'OverflowMappingId'
  | 'OverflowDeadLetterQueueUrl'
  | 'BusName'
  | 'ForwarderName'
  | 'ForwardingMappingId'
  | 'ArchiveName'
  | 'DeadLetterQueueUrl';

/** A value that is known after the deployment, and its meaning. */
export interface InboxOutput {
  readonly name: InboxOutputName;
  readonly value: string;
  readonly description: string;
}

/** The outputs of an inbox, without those of its sources. */
export function inboxOutputs(inbox: InboxResources): readonly InboxOutput[] {
  const { forwarding, overflow, payloadPrefix } = inbox;
  return [
    output('InboxName', inbox.inboxName, 'Dimension "inbox" of the metrics'),
    output('UrlPrefix', inbox.urlPrefix, 'URL of every source, up to its name'),
    output('TableName', inbox.table.tableName, 'Table of the events'),
    output('QuarantineTableName', inbox.quarantine.tableName, 'Table of the verified but invalid events'),
    output('PayloadBucketName', inbox.payloadBucket.bucketName, 'Bucket of the payloads too large for a table'),
    ...(payloadPrefix === '' ? [] : [output('PayloadPrefix', payloadPrefix, 'Beginning of the keys of the payloads')]),
    output('ReceiverName', inbox.receiver.functionName, 'Function that receives the deliveries'),
    output('ReceiverLogGroupName', inbox.logGroups.receiver.logGroupName, 'Log group with one line per delivery'),
    output('OverflowMappingId', overflow.mapping.eventSourceMappingId, 'Event source mapping of the overflow queue'),
    output('OverflowQueueUrl', overflow.queue.queueUrl, 'Queue of events that wait to be stored'),
    output('OverflowDeadLetterQueueUrl', overflow.deadLetters.queueUrl, 'Queue of the events that could not be stored'),
    ...(forwarding ? forwardingOutputs(forwarding) : []),
  ];
}

function forwardingOutputs({
  bus,
  archive,
  deadLetters,
  function: forwarder,
  mapping,
}: EventForwarding): readonly InboxOutput[] {
  return [
    output('BusName', bus.eventBusName, 'Event bus for the rules of consumers'),
    output('ForwarderName', forwarder.functionName, 'Function that forwards the stored events'),
    output('ForwardingMappingId', mapping.eventSourceMappingId, "Event source mapping of the table's stream"),
    ...(archive ? [output('ArchiveName', archive.archiveName, 'Archive of forwarded events, for replays')] : []),
    output('DeadLetterQueueUrl', deadLetters.queueUrl, 'Queue of the events that could not be forwarded'),
  ];
}

const output = (name: InboxOutputName, value: string, description: string): InboxOutput => ({
  name,
  value,
  description,
});

/**
 * Adds the inbox to the outputs of its stack: all of its outputs in one, as JSON, so that the commands for a deployed
 * inbox find it in every stack. The outputs of a nested stack are not those of the stack that is deployed.
 */
export function addInboxOutput(inbox: Construct, outputs: readonly InboxOutput[]): void {
  const stack = outermostStack(inbox);
  new CfnOutput(stack, Names.nodeUniqueId(inbox.node), {
    value: stack.toJsonString(Object.fromEntries(outputs.map(({ name, value }) => [name, value]))),
    description: 'Webhook inbox, as its commands read it',
  });
}

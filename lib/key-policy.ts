import { ArnFormat, Stack } from 'aws-cdk-lib';
import type { Archive, CfnArchive, CfnEventBus, EventBus, IEventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { outermostStack } from './inbox-name.ts';

/**
 * Lets CloudWatch Logs encrypt the log groups of the inbox's stack. CloudFormation generates their names, which begin
 * with the stack's name.
 *
 * An imported key keeps its policy, so its owner adds the statements: docs/operations.md#encryption-key.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
 */
export function allowLogs(key: IKey, inbox: Construct): void {
  const stack = outermostStack(inbox);
  const logGroups = stack.formatArn({
    service: 'logs',
    resource: 'log-group',
    resourceName: `${stack.stackName}-*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
  });
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal(`logs.${stack.region}.amazonaws.com`)],
      actions: ['kms:Decrypt', 'kms:DescribeKey', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*'],
      resources: ['*'],
      conditions: { ArnLike: { 'kms:EncryptionContext:aws:logs:arn': logGroups } },
    }),
  );
}

/** Encrypts a bus and its rules. The key's policy must let EventBridge do so: see `allowBus`. */
export function encryptBus(key: IKey, bus: EventBus): void {
  (bus.node.defaultChild as CfnEventBus).kmsKeyIdentifier = key.keyArn;
}

/** Encrypts an archive. The key's policy must let EventBridge do so: see `allowBus`. */
export function encryptArchive(key: IKey, archive: Archive): void {
  (archive.node.defaultChild as CfnArchive).kmsKeyIdentifier = key.keyArn;
}

/**
 * Lets EventBridge encrypt a bus, its rules and its archives. The CDK's constructs cannot: `EventBus.archive` ignores a
 * key, and the policy that `Archive` adds to a key of the same stack makes the key and the bus depend on each other.
 * DescribeKey has no encryption context.
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-event-bus-cmkey.html
 * @see https://docs.aws.amazon.com/eventbridge/latest/userguide/encryption-archives.html
 */
export function allowBus(key: IKey, bus: IEventBus): void {
  const busArn = Stack.of(bus).formatArn({ service: 'events', resource: 'event-bus', resourceName: nameOf(bus) });
  const use = { principals: [new ServicePrincipal('events.amazonaws.com')], resources: ['*'] };
  key.addToResourcePolicy(new PolicyStatement({ ...use, actions: ['kms:DescribeKey'] }));
  key.addToResourcePolicy(
    new PolicyStatement({
      ...use,
      actions: ['kms:Decrypt', 'kms:GenerateDataKey', 'kms:ReEncrypt*'],
      conditions: { StringEquals: { 'kms:EncryptionContext:aws:events:event-bus:arn': busArn } },
    }),
  );
}

/** The name of a bus. That of a bus of the app is not a reference to it, so that the key does not depend on the bus. */
function nameOf(bus: IEventBus): string {
  const resource = bus.node.defaultChild as CfnEventBus | undefined;
  return resource?.name ?? bus.eventBusName;
}

/** The ARN of all rules of a bus. That of a rule on the account's default bus does not have the bus's name. */
export function rulesArn(bus: IEventBus, name = bus.eventBusName): string {
  const resourceName = name === 'default' ? '*' : `${name}/*`;
  return Stack.of(bus).formatArn({ service: 'events', resource: 'rule', resourceName });
}

/**
 * Lets the rules of a bus send dead letters to queues that the key encrypts. The ARN is made from the bus's name, so that
 * the key does not depend on the rules.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html
 */
export function allowRules(key: IKey, bus: IEventBus): void {
  const rules = rulesArn(bus, nameOf(bus));
  key.addToResourcePolicy(
    new PolicyStatement({
      principals: [new ServicePrincipal('events.amazonaws.com')],
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: ['*'],
      conditions: { ArnLike: { 'aws:SourceArn': rules } },
    }),
  );
}

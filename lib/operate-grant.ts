import { Stack } from 'aws-cdk-lib';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { keyOf } from './existing-secret.ts';
import type { EventForwarding } from './functions/event-forwarding.ts';
import { type KeyUser, keysOf, viaService } from './functions/kms-statement.ts';
import { parameterArns, secretArns } from './functions/secrets-statement.ts';
import { outermostStack } from './inbox-name.ts';
import type { InboxResources } from './inbox-resources.ts';
import { rulesArn } from './key-policy.ts';
import { payloadArn } from './payload-location.ts';
import type { SigningSecrets } from './signing-secrets.ts';
import { TAIL_PREFIX } from './tail-prefix.ts';

/** Actions that are allowed on every one of some resources. */
interface Permission {
  readonly actions: string[];
  readonly resourceArns: string[];
  readonly conditions?: Record<string, Record<string, string>>;
}

/**
 * Lets an operator use every command for a deployed inbox, and nothing else. docs/operations.md#operators-permissions
 * lists the permissions by command.
 */
export function grantOperate(grantee: IGrantable, inbox: InboxResources, signingSecrets: SigningSecrets): Grant {
  const permissions = [
    ...discovery(inbox),
    ...observation(inbox),
    ...secrets(inbox, signingSecrets),
    ...stores(inbox),
    ...queues(inbox),
    ...(inbox.forwarding ? forwarding(inbox.forwarding, inbox.table) : []),
    ...keyUse(inbox, signingSecrets),
  ];
  const grants = permissions.map((permission) => Grant.addToPrincipal({ grantee, ...permission }));
  return grants.reduce((all, grant) => all.combine(grant));
}

const allow = (actions: string[], ...resourceArns: string[]): Permission => ({ actions, resourceArns });

/** Commands find an inbox by the name of its stack, which for a nested stack is the outermost one. */
function discovery(inbox: InboxResources): Permission[] {
  const stack = outermostStack(inbox);
  const stackArn = stack.formatArn({
    service: 'cloudformation',
    resource: 'stack',
    resourceName: `${stack.stackName}/*`,
  });
  return [
    allow(['cloudformation:DescribeStacks', 'cloudformation:GetTemplate'], stackArn),
    allow(['lambda:GetFunctionConfiguration'], inbox.receiver.functionArn),
  ];
}

/** The log of the receiver, and the state of the inbox. Logs, alarms and metrics are not listed per resource. */
function observation({ logGroups, overflow, forwarding }: InboxResources): Permission[] {
  const mappings = [overflow.mapping, ...(forwarding ? [forwarding.mapping] : [])];
  return [
    allow(['logs:FilterLogEvents', 'logs:StartQuery'], logGroups.receiver.logGroupArn),
    // A query has no ARN, and its id is known to whoever started it.
    allow(['logs:GetQueryResults', 'logs:StopQuery', 'cloudwatch:DescribeAlarms', 'cloudwatch:GetMetricData'], '*'),
    allow(['lambda:GetEventSourceMapping'], ...mappings.map((mapping) => mapping.eventSourceMappingArn)),
  ];
}

/**
 * How many characters of a policy the ARNs of secrets may take. IAM allows 6,144 for a managed policy, and the other
 * permissions take about 4,700, and more if the name of the stack is long.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MAX_ARNS_LENGTH = 1_000;

function secrets(operated: InboxResources, signingSecrets: SigningSecrets): Permission[] {
  const inbox = { inbox: operated.inboxName, secrets: signingSecrets };
  const arns = secretArns(operated, inbox, MAX_ARNS_LENGTH);
  const parameters = parameterArns(inbox);
  return [
    ...(arns.length > 0 ? [allow(['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue'], ...arns)] : []),
    ...(parameters.length > 0
      ? [allow(['ssm:GetParameter', 'ssm:GetParameterHistory', 'ssm:PutParameter'], ...parameters)]
      : []),
  ];
}

function stores(inbox: InboxResources): Permission[] {
  const { table, quarantine } = inbox;
  return [
    allow(['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Scan'], table.tableArn),
    allow(['dynamodb:DeleteItem', 'dynamodb:GetItem', 'dynamodb:Scan'], quarantine.tableArn),
    allow(['s3:GetObject', 's3:PutObject'], payloadArn(inbox)),
  ];
}

const TAKE = ['sqs:ChangeMessageVisibility', 'sqs:DeleteMessage', 'sqs:ReceiveMessage'];

function queues({ overflow }: InboxResources): Permission[] {
  return [
    allow([...TAKE, 'sqs:GetQueueAttributes'], overflow.deadLetters.queueArn),
    allow(['sqs:GetQueueAttributes', 'sqs:SendMessage'], overflow.queue.queueArn),
  ];
}

function forwarding({ bus, archive, deadLetters }: EventForwarding, table: ITable): Permission[] {
  const stack = Stack.of(bus);
  const arnOf = (resource: string, resourceName: string) =>
    stack.formatArn({ service: 'events', resource, resourceName });
  return [
    allow([...TAKE, 'sqs:GetQueueAttributes', 'sqs:SendMessage'], deadLetters.queueArn),
    allow(['dynamodb:DescribeTable'], table.tableArn),
    allow(['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator'], table.tableStreamArn ?? ''),
    allow(['events:DescribeEventBus', 'events:PutEvents'], bus.eventBusArn),
    allow(['events:ListRules', 'events:ListTargetsByRule'], bus.eventBusArn, rulesArn(bus)),
    ...(archive ? [allow(['events:DescribeArchive'], archive.archiveArn)] : []),
    // A replay gets its name when the command starts it.
    ...(archive ? [allow(['events:StartReplay'], archive.archiveArn, arnOf('replay', '*'))] : []),
    allow(['events:CancelReplay', 'events:DescribeReplay'], arnOf('replay', '*')),
    ...tail(stack, arnOf('rule', `${bus.eventBusName}/${TAIL_PREFIX}*`)),
  ];
}

/** The rule and the queue of `tail --bus`. */
function tail(stack: Stack, rules: string): Permission[] {
  const queues = stack.formatArn({ service: 'sqs', resource: `${TAIL_PREFIX}*` });
  return [
    allow(['events:DeleteRule', 'events:PutRule', 'events:PutTargets', 'events:RemoveTargets'], rules),
    allow(['sqs:CreateQueue', 'sqs:DeleteMessage', 'sqs:DeleteQueue', 'sqs:GetQueueUrl', 'sqs:ReceiveMessage'], queues),
  ];
}

function keyUse(inbox: InboxResources, { bySource, parameters }: SigningSecrets): Permission[] {
  const { table, quarantine, payloadBucket, encryptionKey } = inbox;
  const through = (service: KeyUser, actions: string[], resources: Parameters<typeof keysOf>[0]): Permission[] =>
    keysOf(resources).map((key) => ({
      actions,
      resourceArns: [key.keyArn],
      conditions: viaService(key, service),
    }));
  const readAndWrite = ['kms:Decrypt', 'kms:GenerateDataKey'];
  return [
    ...through('dynamodb', readAndWrite, [table, quarantine]),
    ...through('s3', readAndWrite, [payloadBucket]),
    ...through('sqs', readAndWrite, [{ encryptionKey }]),
    ...through('secretsmanager', readAndWrite, [...bySource.values()]),
    // Systems Manager encrypts standard parameters with the key, and advanced ones with a data key.
    ...through('ssm', [...readAndWrite, 'kms:Encrypt'], [...parameters.values()].map(keyOf)),
    ...(inbox.forwarding ? through('events', ['kms:Decrypt'], [{ encryptionKey }]) : []),
  ];
}

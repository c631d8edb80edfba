import { randomBytes } from 'node:crypto';
import {
  DeleteRuleCommand,
  type EventBridgeClient,
  ListRulesCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  ResourceNotFoundException,
  type Rule,
} from '@aws-sdk/client-eventbridge';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueUrlCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { TAIL_PREFIX } from '../../../lib/tail-prefix.ts';
import { pagesOf } from '../../operate/bus-rule.ts';

/** The clients that a temporary rule needs. */
export interface TailClients {
  readonly eventbridge: EventBridgeClient;
  readonly sqs: SQSClient;
}

/** A rule of a bus with a queue as its only target. Both have the same name, and exist until they are removed. */
export interface TemporaryRule {
  /** Receives up to 10 events, each as a consumer gets it, in JSON; waits for the first at most 20 seconds. */
  readonly receive: (signal: AbortSignal) => Promise<readonly string[]>;
  /** Says that the run still needs them: a later run removes those that were not extended for 15 minutes. */
  readonly extend: () => Promise<void>;
  readonly remove: () => Promise<void>;
}

/** How long a rule may exist without being extended, in milliseconds. */
const LIFE_MS = 15 * 60_000;

/** The only target of the rule. */
const TARGET_ID = 'tail';

/** How long the queue keeps an event that nobody receives, in seconds: the least that SQS takes is 60. */
const RETENTION_SECONDS = '300';

/**
 * Creates a rule that matches all events of sources, and its queue. The rule comes first: a run that is killed at any
 * point leaves a rule, by which a later run finds all of it.
 * @param sources undefined for all of the bus's inbox events
 */
export async function createTemporaryRule(
  clients: TailClients,
  busName: string,
  sources: readonly string[] | undefined,
): Promise<TemporaryRule> {
  const { eventbridge, sqs } = clients;
  const name = `${TAIL_PREFIX}${randomBytes(8).toString('hex')}`;
  const source = sources?.map((each) => `webhook-inbox.${each}`) ?? [{ prefix: 'webhook-inbox.' }];
  const extend = async () => {
    const Description = `Temporary: shown by a command until ${new Date(Date.now() + LIFE_MS).toISOString()}`;
    const rule = { Name: name, EventBusName: busName, EventPattern: JSON.stringify({ source }), Description };
    return (await eventbridge.send(new PutRuleCommand(rule))).RuleArn ?? '';
  };
  const remove = () => removeRule(clients, busName, name);
  try {
    const ruleArn = await extend();
    const { region, account, partition } = arnParts(ruleArn);
    const queueArn = `arn:${partition}:sqs:${region}:${account}:${name}`;
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: name, Attributes: queueAttributes(queueArn, ruleArn) }),
    );
    const targets = { Rule: name, EventBusName: busName, Targets: [{ Id: TARGET_ID, Arn: queueArn }] };
    const { FailedEntries: [failed] = [] } = await eventbridge.send(new PutTargetsCommand(targets));
    if (failed) throw Object.assign(new Error(failed.ErrorMessage), { name: failed.ErrorCode, $fault: 'client' });
    return {
      receive: (signal) => receive(sqs, QueueUrl, signal),
      extend: async () => void (await extend()),
      remove,
    };
  } catch (error) {
    // The error that came first says more; a later run removes what is left.
    await remove().catch(() => undefined);
    throw error;
  }
}

/**
 * Removes the rules and queues of runs that were killed: those that were not extended in time.
 * @returns how many there were
 */
export async function removeAbandonedRules(clients: TailClients, busName: string, now: number): Promise<number> {
  const query = { EventBusName: busName, NamePrefix: TAIL_PREFIX };
  const abandoned: Rule[] = [];
  for await (const { Rules = [] } of pagesOf((at) =>
    clients.eventbridge.send(new ListRulesCommand({ ...query, ...at })),
  )) {
    abandoned.push(...Rules.filter(({ Description = '' }) => !(endIn(Description) > now)));
  }
  for (const { Name = '' } of abandoned) await removeRule(clients, busName, Name);
  return abandoned.length;
}

const endIn = (description: string) => Date.parse(description.split(' ').at(-1) ?? '');

/** The rule goes last, because by it the others are found. */
async function removeRule({ eventbridge, sqs }: TailClients, busName: string, name: string): Promise<void> {
  const rule = { EventBusName: busName, Rule: name };
  await eventbridge
    .send(new RemoveTargetsCommand({ ...rule, Ids: [TARGET_ID] }))
    .catch(ignore(ResourceNotFoundException));
  await deleteQueue(sqs, name).catch(ignore(QueueDoesNotExist));
  await eventbridge.send(new DeleteRuleCommand({ EventBusName: busName, Name: name }));
}

async function deleteQueue(sqs: SQSClient, QueueName: string): Promise<void> {
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName }));
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
}

/** What is gone already needs no removal. */
function ignore(type: typeof ResourceNotFoundException | typeof QueueDoesNotExist) {
  return (error: unknown): void => {
    if (!(error instanceof type)) throw error;
  };
}

function arnParts(arn: string) {
  const [, partition = '', , region = '', account = ''] = arn.split(':');
  return { partition, region, account };
}

/** @see https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html#eb-sqs-permissions */
function queueAttributes(queueArn: string, ruleArn: string): Record<string, string> {
  const statement = {
    Effect: 'Allow',
    Principal: { Service: 'events.amazonaws.com' },
    Action: 'sqs:SendMessage',
    Resource: queueArn,
    Condition: { ArnEquals: { 'aws:SourceArn': ruleArn } },
  };
  return {
    MessageRetentionPeriod: RETENTION_SECONDS,
    Policy: JSON.stringify({ Version: '2012-10-17', Statement: [statement] }),
  };
}

async function receive(
  sqs: SQSClient,
  QueueUrl: string | undefined,
  abortSignal: AbortSignal,
): Promise<readonly string[]> {
  const command = new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 20 });
  const { Messages = [] } = await sqs.send(command, { abortSignal });
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.map(({ Body = '' }) => Body);
}

import {
  CloudWatchClient,
  GetMetricDataCommand,
  type MetricAlarm,
  paginateDescribeAlarms,
} from '@aws-sdk/client-cloudwatch';
import { GetEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { invocation } from '../../invocation.ts';
import { withAdvice } from '../aws-errors.ts';
import { type DeployedOutputs, outputOf } from '../stack-outputs.ts';
import { stackTemplate } from '../stack-template.ts';
import type { Check } from './status-report.ts';

/** The age of the oldest record of the stream from which forwarding is late, in milliseconds: that of the alarm. */
const LATE_MS = 5 * 60_000;

/** How far back the age is read, in milliseconds. */
const METRIC_WINDOW_MS = 15 * 60_000;

/**
 * Checks a deployed inbox as a whole.
 * @param stack name of its stack, with which the names of its alarms begin
 * @throws {UsageError} if a check is refused
 */
export async function checksOf(outputs: DeployedOutputs, stack: string): Promise<readonly Check[]> {
  const { DeadLetterQueueUrl: deadLetters, ForwarderName: forwarder, ForwardingMappingId: stream } = outputs;
  const messages = outputOf(outputs, 'OverflowMappingId');
  return await Promise.all([
    alarmCheck(stack),
    queueCheck('overflow', outputOf(outputs, 'OverflowQueueUrl'), 'acknowledged events that wait to be stored'),
    queueCheck('overflow dead letters', outputOf(outputs, 'OverflowDeadLetterQueueUrl'), REDRIVE),
    mappingCheck('overflow function', messages),
    ...(deadLetters ? [queueCheck('dead letters', deadLetters, REDRIVE)] : []),
    ...(stream ? [mappingCheck('forwarder', stream)] : []),
    ...(forwarder ? [ageCheck(forwarder)] : []),
  ]);
}

const REDRIVE = `read them with ${invocation('redrive', '--dry-run')}`;

async function alarmCheck(stack: string): Promise<Check> {
  const isOwn = await ofStack(stack);
  const firing = await withAdvice('read the alarms', () => firingAlarms(stack));
  const own = firing.filter(({ AlarmName = '', AlarmDescription = '' }) => {
    return isOwn(AlarmName) && AlarmDescription.includes('docs/operations.md#');
  });
  const lines = own.map(({ AlarmName, AlarmDescription }) => `\n  ${AlarmName}: ${AlarmDescription}`);
  return {
    name: 'alarms',
    text:
      own.length === 0
        ? 'none fires'
        : `${own.length} of the stack ${own.length === 1 ? 'fires' : 'fire'}${lines.join('')}`,
    needsAttention: own.length > 0,
  };
}

/** A nested stack's alarms begin with the name of the outermost stack too. */
async function firingAlarms(stack: string): Promise<readonly MetricAlarm[]> {
  const query = { AlarmNamePrefix: `${stack}-`, StateValue: 'ALARM' } as const;
  const alarms: MetricAlarm[] = [];
  for await (const { MetricAlarms = [] } of paginateDescribeAlarms({ client: new CloudWatchClient() }, query)) {
    alarms.push(...MetricAlarms);
  }
  return alarms;
}

/**
 * Whether an alarm is one of the stack, by its name: CloudFormation puts the names of the stack and of the resource, or of
 * the nested stack, into it. The name of another stack may begin with that of this one: `Hooks-Dev`.
 */
async function ofStack(stack: string): Promise<(alarmName: string) => boolean> {
  const { Resources } = await stackTemplate(stack);
  const ids = Object.entries(Resources).flatMap(([id, { Type }]) => (ALARMS_IN.has(Type) ? [`${stack}-${id}-`] : []));
  return (alarmName) => ids.length === 0 || ids.some((id) => alarmName.startsWith(id));
}

const ALARMS_IN: ReadonlySet<string> = new Set(['AWS::CloudWatch::Alarm', 'AWS::CloudFormation::Stack']);

async function queueCheck(name: string, QueueUrl: string, meaning: string): Promise<Check> {
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const client = new SQSClient({ useQueueUrlAsEndpoint: false });
  const { Attributes = {} } = await withAdvice(`read the state of the queue of ${name}`, () =>
    client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] })),
  );
  const count = names.reduce((sum, each) => sum + Number(Attributes[each] ?? 0), 0);
  return { name, text: count === 0 ? 'none' : `about ${count} messages: ${meaning}`, needsAttention: count > 0 };
}

async function mappingCheck(name: string, UUID: string): Promise<Check> {
  const { State = 'unknown', LastProcessingResult } = await withAdvice(
    `read the event source mapping of the ${name}`,
    () => new LambdaClient().send(new GetEventSourceMappingCommand({ UUID })),
  );
  const isRunning = State === 'Enabled' || State === 'Enabling' || State === 'Updating';
  const last =
    LastProcessingResult && LastProcessingResult !== 'No records processed' ? `, last: ${LastProcessingResult}` : '';
  return { name: `${name}'s event source mapping`, text: `${State}${last}`, needsAttention: !isRunning };
}

async function ageCheck(functionName: string): Promise<Check> {
  const now = Date.now();
  const Dimensions = [{ Name: 'FunctionName', Value: functionName }];
  const Metric = { Namespace: 'AWS/Lambda', MetricName: 'IteratorAge', Dimensions };
  const query = {
    StartTime: new Date(now - METRIC_WINDOW_MS),
    EndTime: new Date(now),
    MetricDataQueries: [{ Id: 'age', MetricStat: { Metric, Period: 60, Stat: 'Maximum' } }],
  };
  const { MetricDataResults: [result] = [] } = await withAdvice('read the iterator age of the forwarder', () =>
    new CloudWatchClient().send(new GetMetricDataCommand(query)),
  );
  // The newest is the first.
  const [age] = result?.Values ?? [];
  return {
    name: 'iterator age',
    text: age === undefined ? 'no data in the last 15 minutes: nothing was forwarded' : `${(age / 1000).toFixed(1)} s`,
    needsAttention: age !== undefined && age >= LATE_MS,
  };
}

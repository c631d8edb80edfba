import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { sourceAlarms } from '../../../lib/monitoring/alarms.ts';
import { WebhookInbox, type WebhookInboxProps } from '../../../lib/webhook-inbox.ts';
import { anchorsIn } from '../../support/markdown.ts';
import { inboxTemplate, onlyResource, type Resource, resourcesOf, unbundledApp } from '../synthesis.ts';

const generic = { provider: 'generic' } as const;
const sources = { partner: generic, 'partner-eu': { ...generic, silentAfter: Duration.hours(6) } };
const template = inboxTemplate({ sources });

const alarmsOf = (built: Template) => resourcesOf(built, 'AWS::CloudWatch::Alarm');
const alarms = alarmsOf(template);

/** An alarm's construct id: the logical id without the path and the hash. */
const nameOf = ({ id }: Resource) => /Monitoring(.+).{8}$/.exec(id)?.[1] ?? id;
const namesOf = (built: Template) => alarmsOf(built).map(nameOf).sort();
const descriptionOf = ({ Properties }: Resource) => String(Properties.AlarmDescription);

function alarmNamed(name: string): Record<string, unknown> {
  const found = alarms.find((alarm) => nameOf(alarm) === name);
  if (found) return found.Properties;
  throw new Error(`There is no alarm ${name}`);
}

const OF_RECEIVER = ['ApiErrors', 'ReceiverErrors', 'ReceiverSlow', 'ReceiverThrottles', 'TableThrottles'];
const OF_FORWARDING = ['DeadLetters', 'ForwarderErrors', 'ForwarderThrottles', 'ForwardingLate'];
const OF_SOURCE = ['Conflict', 'Failed', 'SignaturesRefused', 'Unavailable'];
const ofSources = [...['Partner', 'PartnerEu'].flatMap((id) => OF_SOURCE.map((name) => id + name)), 'PartnerEuSilent'];

const butFor = (name: string) =>
  alarms.filter((alarm) => nameOf(alarm) !== name && nameOf(alarm) !== 'PartnerEuSilent');

describe('alarms', () => {
  it('are created for the receiver, forwarding and each source', () => {
    expect(namesOf(template)).toEqual([...OF_RECEIVER, ...OF_FORWARDING, ...ofSources].sort());
  });

  it('are not created for forwarding if forwarding is false', () => {
    expect(namesOf(inboxTemplate({ sources, forwarding: false }))).toEqual([...OF_RECEIVER, ...ofSources].sort());
  });

  it('treat missing data as not breaching, except for the alarm on silence', () => {
    for (const { Properties } of butFor('PartnerEuSilent')) {
      expect(Properties).toMatchObject({ TreatMissingData: 'notBreaching' });
    }
  });

  it('fire at their threshold and above', () => {
    const thresholds = alarms.map((alarm) => [nameOf(alarm), alarm.Properties.Threshold]);
    expect(Object.fromEntries(thresholds)).toMatchObject({
      ApiErrors: 5,
      ReceiverSlow: 2_500,
      ForwardingLate: 300_000,
      DeadLetters: 1,
      PartnerSignaturesRefused: 50,
      PartnerUnavailable: 5,
      PartnerConflict: 1,
      PartnerFailed: 1,
    });
    for (const { Properties } of alarms) {
      expect(Properties.ComparisonOperator).toBe('GreaterThanOrEqualToThreshold');
    }
  });

  it('fire after one period, except that ReceiverSlow needs two of three', () => {
    const slow = { ExtendedStatistic: 'p99', Period: 300, EvaluationPeriods: 3, DatapointsToAlarm: 2 };
    expect(alarmNamed('ReceiverSlow')).toMatchObject(slow);
    for (const { Properties } of butFor('ReceiverSlow')) expect(Properties).toMatchObject({ EvaluationPeriods: 1 });
  });
});

describe('alarm on silence', () => {
  it('fires if every period was silent or has no data', () => {
    expect(alarmNamed('PartnerEuSilent')).toMatchObject({
      Threshold: 1,
      EvaluationPeriods: 72,
      DatapointsToAlarm: 72,
      TreatMissingData: 'breaching',
    });
  });

  it('counts the deliveries that reached the table in 5 minutes', () => {
    const [expression, stored, ...more] = alarmNamed('PartnerEuSilent').Metrics as MetricQuery[];
    expect([expression?.Expression, more]).toEqual(['IF(FILL(stored, 0) > 0, 0, 1)', []]);
    expect(stored).toMatchObject({
      Id: 'stored',
      MetricStat: {
        Metric: {
          Namespace: 'WebhookInbox',
          MetricName: 'StoreLatency',
          Dimensions: named(['service', 'webhook-inbox'], ['source', 'partner-eu']),
        },
        Period: 300,
        Stat: 'SampleCount',
      },
    });
  });

  it.each([
    [Duration.minutes(5), Duration.minutes(5), 1],
    [Duration.days(1), Duration.minutes(5), 288],
    [Duration.hours(25), Duration.hours(1), 25],
    [Duration.days(7), Duration.hours(1), 168],
  ])('looks back %s in periods of %s, as CloudWatch requires', (silentAfter, period, evaluationPeriods) => {
    const { PartnerSilent: alarm } = sourceAlarms('partner', { silentAfter });
    expect(alarm).toMatchObject({ metric: { period }, evaluationPeriods });
  });

  it('has the duration in its description', () => {
    expect(alarmNamed('PartnerEuSilent').AlarmDescription).toMatch(
      /^Source partner-eu: no event arrived for 6 hours\. /,
    );
  });
});

/** A metric of an alarm, in CloudFormation's words. */
interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: { readonly Stat: string; readonly Metric: Record<string, unknown> };
}

const named = (...dimensions: [string, string][]) => dimensions.map(([Name, Value]) => ({ Name, Value }));

describe('metrics of alarms', () => {
  it('belong to the functions, the API, the table and the queue of this inbox', () => {
    const [queue] = resourcesOf(template, 'AWS::SQS::Queue');
    const table = onlyResource(template, 'AWS::DynamoDB::Table');
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    const idOf = (name: string) => functions.find(({ id }) => id.includes(name))?.id;
    const [receiver, forwarder] = [idOf('Receiver'), idOf('Forwarding')];
    const api = onlyResource(template, 'AWS::ApiGateway::RestApi').Properties.Name;
    const expected = {
      ApiErrors: ['AWS/ApiGateway', '5XXError', 'ApiName', api],
      ReceiverErrors: ['AWS/Lambda', 'Errors', 'FunctionName', { Ref: receiver }],
      ReceiverThrottles: ['AWS/Lambda', 'Throttles', 'FunctionName', { Ref: receiver }],
      ReceiverSlow: ['AWS/Lambda', 'Duration', 'FunctionName', { Ref: receiver }],
      TableThrottles: ['AWS/DynamoDB', 'WriteThrottleEvents', 'TableName', { Ref: table.id }],
      ForwarderErrors: ['AWS/Lambda', 'Errors', 'FunctionName', { Ref: forwarder }],
      ForwarderThrottles: ['AWS/Lambda', 'Throttles', 'FunctionName', { Ref: forwarder }],
      ForwardingLate: ['AWS/Lambda', 'IteratorAge', 'FunctionName', { Ref: forwarder }],
      DeadLetters: [
        'AWS/SQS',
        'ApproximateNumberOfMessagesVisible',
        'QueueName',
        { 'Fn::GetAtt': [queue?.id, 'QueueName'] },
      ],
    };
    for (const [name, [Namespace, MetricName, Name, Value]] of Object.entries(expected)) {
      expect(alarmNamed(name)).toMatchObject({ Namespace, MetricName, Dimensions: [{ Name, Value }] });
    }
  });

  it('have the dimensions that the receiver emits per source', () => {
    for (const name of ['Conflict', 'Failed', 'Unavailable']) {
      expect(alarmNamed(`PartnerEu${name}`)).toMatchObject({
        Namespace: 'WebhookInbox',
        MetricName: name,
        Dimensions: named(['service', 'webhook-inbox'], ['source', 'partner-eu']),
        Statistic: 'Sum',
      });
    }
  });

  it('are the percentage of invalid signatures among at least 20 that were checked', () => {
    const queries = alarmNamed('PartnerEuSignaturesRefused').Metrics as MetricQuery[];
    const [expression, ...metrics] = queries;
    const checked = '(FILL(refused, 0) + FILL(stored, 0) + FILL(mismatched, 0))';
    expect(expression?.Expression).toBe(`IF(${checked} >= 20, 100 * FILL(refused, 0) / ${checked}, 0)`);
    const source = named(['service', 'webhook-inbox'], ['source', 'partner-eu']);
    const rejectedFor = (reason: string) => ({
      Namespace: 'WebhookInbox',
      MetricName: 'Rejected',
      Dimensions: [...named(['reason', reason]), ...source],
    });
    const stats = metrics.map(({ Id, MetricStat }) => [Id, [MetricStat?.Stat, MetricStat?.Metric]]);
    expect(Object.fromEntries(stats)).toEqual({
      refused: ['Sum', rejectedFor('invalid_signature')],
      stored: ['SampleCount', { Namespace: 'WebhookInbox', MetricName: 'StoreLatency', Dimensions: source }],
      mismatched: ['Sum', rejectedFor('invalid_event')],
    });
  });
});

const SECTION = /^(.{40,}\.) See docs\/operations\.md#([a-z0-9-]+)$/;
const sectionOf = (alarm: Resource) => SECTION.exec(descriptionOf(alarm))?.[2] ?? descriptionOf(alarm);

describe('descriptions of alarms', () => {
  const page = readFileSync(new URL('../../../docs/operations.md', import.meta.url), 'utf8');

  it('say what to do and link to a section of docs/operations.md', () => {
    for (const alarm of alarms) {
      expect(descriptionOf(alarm)).toMatch(SECTION);
      expect(anchorsIn(page)).toContain(sectionOf(alarm));
    }
  });

  it('link to every section under "Alarms" of docs/operations.md', () => {
    const [, chapter = ''] = /^## Alarms\n([\s\S]*?)(?=^## |(?![\s\S]))/m.exec(page) ?? [];
    expect([...new Set(alarms.map(sectionOf))].sort()).toEqual(anchorsIn(chapter).sort());
  });

  it('name the source of the alarm', () => {
    for (const name of OF_SOURCE) {
      expect(alarmNamed(`PartnerEu${name}`).AlarmDescription).toMatch(/^Source partner-eu: /);
    }
  });
});

describe('topic of alarms', () => {
  const stack = new Stack(unbundledApp(), 'Mine');
  const topic = new Topic(stack, 'Pager');
  new WebhookInbox(stack, 'Inbox', { sources, alarms: { topic } });
  const notifying = Template.fromStack(stack);

  it('is notified when any alarm fires and when it returns to OK', () => {
    const actions = [{ Ref: onlyResource(notifying, 'AWS::SNS::Topic').id }];
    expect(namesOf(notifying)).toEqual(namesOf(template));
    for (const { Properties } of alarmsOf(notifying)) {
      expect(Properties).toMatchObject({ AlarmActions: actions, OKActions: actions });
    }
  });

  it('is optional', () => {
    for (const { Properties } of alarms) {
      expect([Properties.AlarmActions, Properties.OKActions]).toEqual([undefined, undefined]);
    }
  });
});

describe('dashboard', () => {
  const bodyOf = (props: WebhookInboxProps) =>
    JSON.stringify(onlyResource(inboxTemplate(props), 'AWS::CloudWatch::Dashboard').Properties.DashboardBody);

  it('has graphs of each source, and of forwarding unless forwarding is false', () => {
    const whole = bodyOf({ sources });
    for (const source of Object.keys(sources)) expect(whole).toContain(`${source}: outcomes`);
    expect(whole).toContain('Dead letters');
    expect(bodyOf({ sources, forwarding: false })).not.toContain('Dead letters');
  });
});

describe('alarms: false', () => {
  it('creates no alarms and no dashboard', () => {
    const silent = inboxTemplate({ sources, alarms: false });
    expect(alarmsOf(silent)).toEqual([]);
    expect(resourcesOf(silent, 'AWS::CloudWatch::Dashboard')).toEqual([]);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import type { IAlarmAction } from 'aws-cdk-lib/aws-cloudwatch';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ProblemCode } from '../../../lambda/receiver/problem.ts';
import type { DeliveryReport, EventReport } from '../../../lambda/telemetry/delivery-report.ts';
import type { AlarmThresholds } from '../../../lib/monitoring/alarm-thresholds.ts';
import { silenceAlarms } from '../../../lib/monitoring/alarms.ts';
import type { AlarmsProps } from '../../../lib/monitoring/alarms-props.ts';
import type { SourcesProps } from '../../../lib/sources.ts';
import { WebhookInbox } from '../../../lib/webhook-inbox.ts';
import type { WebhookInboxProps } from '../../../lib/webhook-inbox-props.ts';
import { anchorsIn } from '../../support/markdown.ts';
import { inboxTemplate, onlyResource, type Resource, resourceNamed, resourcesOf, unbundledApp } from '../synthesis.ts';
import { type MetricQuery, valueIn } from './alarm-value.ts';

const generic = { provider: 'generic' } as const;
const shop = { provider: 'shopify' } as const;
const sources = { partner: generic, 'partner-eu': { ...generic, silentAfter: Duration.hours(6) }, shop };
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
const OF_OVERFLOW = ['OverflowDeadLetters', 'OverflowLate'];
const OF_FORWARDING = [
  'DeadLetters',
  'ForwarderErrors',
  'ForwarderStopped',
  'ForwarderStoppedForHours',
  'ForwarderThrottles',
  'ForwardingLate',
];
const OF_SOURCE = ['Conflict', 'Failed', 'Invalid', 'SignaturesRefused', 'Unavailable'];
const ofSources = [
  ...['Partner', 'PartnerEu', 'Shop'].flatMap((id) => OF_SOURCE.map((name) => id + name)),
  'PartnerEuSilent',
  'ShopQuarantined',
];

const butFor = (...names: readonly string[]) => alarms.filter((alarm) => !names.includes(nameOf(alarm)));

describe('alarms', () => {
  it('are created for the receiver, forwarding and each source', () => {
    expect(namesOf(template)).toEqual([...OF_RECEIVER, ...OF_OVERFLOW, ...OF_FORWARDING, ...ofSources].sort());
  });

  it('are not created for forwarding if forwarding is false', () => {
    const names = [...OF_RECEIVER, ...OF_OVERFLOW, ...ofSources].sort();
    expect(namesOf(inboxTemplate({ sources, forwarding: false }))).toEqual(names);
  });

  it('have one on the quarantine for each source that does not reject what is invalid', () => {
    const changed = {
      partner: { ...generic, onInvalid: 'quarantine' },
      shop: { ...shop, onInvalid: 'reject' },
    } as const;
    const names = namesOf(inboxTemplate({ sources: changed, forwarding: false }));
    expect(names.filter((name) => name.endsWith('Quarantined'))).toEqual(['PartnerQuarantined']);
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
      PartnerInvalid: 10,
      ShopQuarantined: 1,
      PartnerFailed: 1,
    });
    for (const { Properties } of alarms) {
      expect(Properties.ComparisonOperator).toBe('GreaterThanOrEqualToThreshold');
    }
  });

  it('fire after one period, except that ReceiverSlow needs two of three, and OverflowLate, silence and a stop need several', () => {
    const slow = { ExtendedStatistic: 'p99', Period: 300, EvaluationPeriods: 3, DatapointsToAlarm: 2 };
    expect(alarmNamed('ReceiverSlow')).toMatchObject(slow);
    const others = butFor(
      'ReceiverSlow',
      'OverflowLate',
      'PartnerEuSilent',
      'ForwarderStopped',
      'ForwarderStoppedForHours',
    );
    for (const { Properties } of others) expect(Properties).toMatchObject({ EvaluationPeriods: 1 });
  });
});

describe('alarm on the overflow queue', () => {
  it('fires if a message was in the queue for 15 minutes, also while it waits for its next attempt', () => {
    expect(alarmNamed('OverflowLate')).toMatchObject({ Threshold: 0.5, EvaluationPeriods: 3, DatapointsToAlarm: 3 });
    const [expression, ...metrics] = alarmNamed('OverflowLate').Metrics as MetricQuery[];
    expect(expression?.Expression).toBe('FILL(visible, 0) + FILL(received, 0)');
    const Value = { 'Fn::GetAtt': [resourceNamed(template, 'AWS::SQS::Queue', 'OverflowQueue').id, 'QueueName'] };
    const metric = (MetricName: string) => ({
      Metric: { Namespace: 'AWS/SQS', MetricName, Dimensions: [{ Name: 'QueueName', Value }] },
      Period: 300,
      Stat: 'Average',
    });
    expect(metrics).toMatchObject([
      { Id: 'visible', MetricStat: metric('ApproximateNumberOfMessagesVisible') },
      { Id: 'received', MetricStat: metric('ApproximateNumberOfMessagesNotVisible') },
    ]);
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
          Dimensions: named(['inbox', 'Hooks/Inbox'], ['service', 'webhook-inbox'], ['source', 'partner-eu']),
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
    const { PartnerSilent: alarm } = silenceAlarms(
      { inbox: 'Hooks/Inbox', name: 'partner' },
      { ...generic, silentAfter },
    );
    expect(alarm).toMatchObject({ metric: { period }, evaluationPeriods });
  });

  it('has the duration in its description', () => {
    expect(alarmNamed('PartnerEuSilent').AlarmDescription).toMatch(
      /^Source partner-eu: no event arrived for 6 hours\. /,
    );
  });
});

describe('alarm on a forwarder that does not run', () => {
  const table = { Ref: resourceNamed(template, 'AWS::DynamoDB::Table', 'Events').id };
  const forwarder = { Ref: resourceNamed(template, 'AWS::Lambda::Function', 'Forwarding').id };

  it.each([
    ['ForwarderStopped', 300],
    ['ForwarderStoppedForHours', 21_600],
  ])(
    '%s fires if items were stored and the function was not invoked, in two periods of %d s in a row',
    (name, Period) => {
      const alarm = alarmNamed(name);
      expect(alarm).toMatchObject({
        Threshold: 1,
        EvaluationPeriods: 2,
        DatapointsToAlarm: 2,
        TreatMissingData: 'notBreaching',
      });
      const [expression, ...metrics] = alarm.Metrics as MetricQuery[];
      expect(expression?.Expression).toBe('IF(FILL(stored, 0) > 0 AND FILL(invoked, 0) == 0, 1, 0)');
      expect(metrics).toEqual([
        {
          Id: 'stored',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/DynamoDB',
              MetricName: 'SuccessfulRequestLatency',
              Dimensions: expect.arrayContaining([
                { Name: 'Operation', Value: 'PutItem' },
                { Name: 'TableName', Value: table },
              ]),
            },
            Period,
            Stat: 'SampleCount',
          },
          ReturnData: false,
        },
        {
          Id: 'invoked',
          MetricStat: {
            Metric: {
              Namespace: 'AWS/Lambda',
              MetricName: 'Invocations',
              Dimensions: [{ Name: 'FunctionName', Value: forwarder }],
            },
            Period,
            Stat: 'Sum',
          },
          ReturnData: false,
        },
      ]);
    },
  );

  it('fires before the stream loses its first record, after 24 hours', () => {
    const [, stored] = alarmNamed('ForwarderStoppedForHours').Metrics as { MetricStat: { Period: number } }[];
    expect(2 * (stored?.MetricStat.Period ?? Number.NaN)).toBeLessThan(24 * 3600);
  });
});

const named = (...dimensions: [string, string][]) => dimensions.map(([Name, Value]) => ({ Name, Value }));

describe('metrics of alarms', () => {
  it('belong to the functions, the API, the table and the queue of this inbox', () => {
    const queue = (name: string) => ({
      'Fn::GetAtt': [resourceNamed(template, 'AWS::SQS::Queue', name).id, 'QueueName'],
    });
    const table = resourceNamed(template, 'AWS::DynamoDB::Table', 'Events');
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
      DeadLetters: ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue('ForwardingDeadLetters')],
      OverflowDeadLetters: ['AWS/SQS', 'ApproximateNumberOfMessagesVisible', 'QueueName', queue('OverflowDeadLetters')],
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
        Dimensions: named(['inbox', 'Hooks/Inbox'], ['service', 'webhook-inbox'], ['source', 'partner-eu']),
        Statistic: 'Sum',
      });
    }
  });

  it('count the events that were put in quarantine, whatever the reason', () => {
    expect(alarmNamed('ShopQuarantined')).toMatchObject({
      Namespace: 'WebhookInbox',
      MetricName: 'Quarantined',
      Dimensions: named(['inbox', 'Hooks/Inbox'], ['service', 'webhook-inbox'], ['source', 'shop']),
      Statistic: 'Sum',
      Period: 300,
    });
  });
});

/** Reports of deliveries of one kind. */
function deliveries(count: number, source: string, report: Partial<DeliveryReport>): DeliveryReport[] {
  const whole: DeliveryReport = {
    outcome: 'processed',
    requestId: 'r-1',
    status: 200,
    source,
    provider: undefined,
    code: undefined,
    reason: undefined,
    issues: undefined,
    events: [],
    usedPreviousSecret: false,
    latencyMs: 1,
    storeMs: undefined,
    cause: undefined,
    ...report,
  };
  return Array.from({ length: count }, () => whole);
}

const events = (...statuses: EventReport['status'][]): EventReport[] =>
  statuses.map((status) => ({ status, ...(status === 'quarantined' && { reason: 'not_json' }) }));

/** Deliveries of the kinds that alarms tell apart, to one source. */
const kinds = (source: string) => ({
  stored: (count: number) => deliveries(count, source, { events: events('processed'), storeMs: 1 }),
  quarantined: (count: number) =>
    deliveries(count, source, { outcome: 'quarantined', events: events('quarantined'), storeMs: 1 }),
  /** Bodies of four events, of which three are invalid. */
  quarantinedInPart: (count: number) => {
    const of = events('quarantined', 'processed', 'quarantined', 'quarantined');
    return deliveries(count, source, { outcome: 'quarantined', events: of, storeMs: 1 });
  },
  rejected: (count: number, code: ProblemCode) => deliveries(count, source, { outcome: 'rejected', status: 400, code }),
  handshakes: (count: number) => deliveries(count, source, { outcome: 'handshake' }),
});

describe('alarm on refused signatures', () => {
  const { stored, quarantined, rejected, handshakes } = kinds('shop');
  const shopValue = (...reports: DeliveryReport[][]) => valueIn(alarmNamed('ShopSignaturesRefused'), reports.flat());

  it('is the percentage of signatures that are invalid, and valid ones include those of invalid events', () => {
    expect(shopValue(stored(15), quarantined(5), rejected(20, 'invalid_signature'))).toBe(50);
    expect(shopValue(stored(30), rejected(10, 'invalid_signature'))).toBe(25);
    expect(shopValue(rejected(20, 'invalid_signature'))).toBe(100);
  });

  it('needs 20 signatures, of which handshakes and deliveries that were not checked have none', () => {
    const others = [handshakes(50), rejected(50, 'payload_too_large'), rejected(50, 'unsupported_media_type')];
    expect(shopValue(stored(1), rejected(18, 'invalid_signature'), ...others)).toBe(0);
    expect(shopValue(stored(2), rejected(18, 'invalid_signature'), ...others)).toBe(90);
  });

  it('counts deliveries that a source rejects as invalid as validly signed', () => {
    const partner = kinds('partner');
    const reports = [
      ...partner.stored(10),
      ...partner.rejected(4, 'malformed_body'),
      ...partner.rejected(6, 'invalid_event'),
      ...partner.rejected(20, 'invalid_signature'),
    ];
    expect(valueIn(alarmNamed('PartnerSignaturesRefused'), reports)).toBe(50);
    expect(valueIn(alarmNamed('PartnerEuSignaturesRefused'), reports)).toBe(0);
  });
});

describe('alarm on invalid deliveries', () => {
  const { stored, quarantined, quarantinedInPart, rejected, handshakes } = kinds('shop');
  const shopValue = (...reports: DeliveryReport[][]) => valueIn(alarmNamed('ShopInvalid'), reports.flat());

  it('is the percentage of deliveries with an event in quarantine, each of which counts once', () => {
    expect(shopValue(stored(18), quarantined(2))).toBe(10);
    expect(shopValue(stored(16), quarantined(2), quarantinedInPart(2))).toBe(20);
    expect(shopValue(quarantinedInPart(20))).toBe(100);
  });

  it('includes deliveries that are too large or have another content type', () => {
    expect(shopValue(stored(17), rejected(2, 'payload_too_large'), rejected(1, 'unsupported_media_type'))).toBe(15);
  });

  it('needs 20 deliveries, of which forged requests and handshakes are none', () => {
    const others = [handshakes(100), rejected(100, 'invalid_signature')];
    expect(shopValue(stored(17), quarantined(2), ...others)).toBe(0);
    expect(shopValue(stored(18), quarantined(2), ...others)).toBe(10);
  });

  it('includes deliveries that a source rejects as invalid', () => {
    const partner = kinds('partner');
    const reports = [
      ...partner.stored(36),
      ...partner.rejected(1, 'malformed_body'),
      ...partner.rejected(2, 'invalid_event'),
      ...partner.rejected(1, 'payload_too_large'),
    ];
    expect(valueIn(alarmNamed('PartnerInvalid'), reports)).toBe(10);
    expect(valueIn(alarmNamed('PartnerEuInvalid'), reports)).toBe(0);
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
    const sections = [...alarms.map(sectionOf), 'consumer-dead-letters'];
    expect([...new Set(sections)].sort()).toEqual(anchorsIn(chapter).sort());
  });

  it('name the source of the alarm', () => {
    for (const name of OF_SOURCE) {
      expect(alarmNamed(`PartnerEu${name}`).AlarmDescription).toMatch(/^Source partner-eu: /);
    }
    expect(alarmNamed('ShopQuarantined').AlarmDescription).toMatch(/^Source shop: /);
  });

  it('say whether the second payload of an event id is in quarantine or was rejected', () => {
    expect(alarmNamed('ShopConflict').AlarmDescription).toContain('another payload, which is in quarantine.');
    expect(alarmNamed('PartnerConflict').AlarmDescription).toContain('another payload, which was rejected.');
  });
});

/** An inbox of `count` sources, with two that put invalid events in quarantine. */
const manySources = (count: number): SourcesProps => ({
  ...Object.fromEntries(Array.from({ length: count - 2 }, (_, index) => [`partner-${index}`, generic])),
  shop,
  'shop-eu': shop,
});

describe('alarms.perSource', () => {
  const many = manySources(60);
  const ALL_SOURCES = [...OF_SOURCE, 'Quarantined'];
  const ofInbox = [...OF_RECEIVER, ...OF_OVERFLOW, ...OF_FORWARDING];
  const names = (sources: SourcesProps, perSource?: AlarmsProps['perSource']) =>
    namesOf(inboxTemplate({ sources, alarms: { ...(perSource !== undefined && { perSource }) } }));

  it("is 'all' up to 40 sources, and false above", () => {
    const forty = names(manySources(40));
    expect(forty).toEqual(names(manySources(40), 'all'));
    expect(forty).toContain('ShopEuConflict');
    expect(forty).not.toContain('Conflict');
    expect(names(manySources(41))).toEqual(names(manySources(41), false));
  });

  it('creates one alarm of each kind on all sources together if it is false', () => {
    expect(names(many)).toEqual([...ofInbox, ...ALL_SOURCES].sort());
    expect(names({ partner: generic }, false)).toEqual([...ofInbox, ...OF_SOURCE].sort());
  });

  it('creates alarms on the sources of a list, and on all sources together', () => {
    const listed = ['Shop', 'Partner0'].flatMap((id) => OF_SOURCE.map((name) => id + name));
    const expected = [...ofInbox, ...ALL_SOURCES, ...listed, 'ShopQuarantined'].sort();
    expect(names(many, ['shop', 'partner-0'])).toEqual(expected);
  });

  it('keeps the alarm on the silence of each source', () => {
    expect(names({ ...many, shop: { ...shop, silentAfter: Duration.hours(6) } })).toContain('ShopSilent');
  });

  it.each([
    [['shop', 'shopp'], 'has "shopp", but there is no such source; its names are the keys of sources.'],
    ['some', `must be 'all', false or a list of sources, not "some".`],
    [true, "must be 'all', false or a list of sources, not true."],
  ])('cannot be %j', (perSource, message) => {
    const alarms = { perSource } as AlarmsProps;
    expect(() => inboxTemplate({ sources: many, alarms })).toThrow(new Error(`alarms.perSource ${message}`));
  });
});

describe('alarms on all sources together', () => {
  const { partner, shop: shopOf } = { partner: kinds('partner'), shop: kinds('shop') };
  const together = alarmsOf(inboxTemplate({ sources, alarms: { perSource: false } }));
  const alarm = (name: string) => together.find((each) => nameOf(each) === name)?.Properties ?? {};

  it('have the dimensions that the receiver emits for the inbox', () => {
    for (const name of ['Conflict', 'Failed', 'Unavailable', 'Quarantined']) {
      expect(alarm(name)).toMatchObject({
        Namespace: 'WebhookInbox',
        MetricName: name,
        Dimensions: named(['inbox', 'Hooks/Inbox'], ['service', 'webhook-inbox']),
        Statistic: 'Sum',
      });
    }
  });

  it('count the refused signatures of every source', () => {
    const reports = [
      ...partner.stored(10),
      ...partner.rejected(5, 'invalid_event'),
      ...shopOf.quarantined(5),
      ...partner.rejected(8, 'invalid_signature'),
      ...shopOf.rejected(12, 'invalid_signature'),
    ];
    expect(valueIn(alarm('SignaturesRefused'), reports)).toBe(50);
  });

  it('count what is invalid at every source, whether it is in quarantine or was rejected', () => {
    const reports = [
      ...partner.stored(30),
      ...partner.rejected(4, 'invalid_event'),
      ...shopOf.quarantined(5),
      ...shopOf.rejected(1, 'payload_too_large'),
    ];
    expect(valueIn(alarm('Invalid'), reports)).toBe(25);
  });

  it('do not count requests for unknown names', () => {
    const unknown = deliveries(100, 'none', { outcome: 'rejected', status: 404, code: 'not_found', source: undefined });
    expect(valueIn(alarm('SignaturesRefused'), [...partner.stored(20), ...unknown])).toBe(0);
    expect(valueIn(alarm('Invalid'), [...partner.stored(20), ...unknown])).toBe(0);
  });

  it('have fewer metrics than an alarm may have, which is 10', () => {
    for (const name of ['SignaturesRefused', 'Invalid']) {
      const metrics = alarm(name).Metrics as MetricQuery[];
      expect(metrics.filter(({ MetricStat }) => MetricStat).length).toBeLessThanOrEqual(10);
    }
  });

  it('say so in their descriptions', () => {
    expect(alarm('Conflict').AlarmDescription).toMatch(
      /^All sources together: .+ which is in quarantine or was rejected\. /,
    );
  });
});

describe('alarms.thresholds', () => {
  const thresholds: Required<AlarmThresholds> = {
    apiErrors: 50,
    receiverSlow: Duration.seconds(1),
    signaturesRefused: 25,
    unavailable: 20,
    conflict: 3,
    quarantined: 4,
    invalid: 2.5,
    forwardingLate: Duration.minutes(30),
  };
  const changed = alarmsOf(inboxTemplate({ sources, alarms: { thresholds } }));
  const valuesOf = (of: readonly Resource[]) =>
    Object.fromEntries(of.map((each) => [nameOf(each), each.Properties.Threshold]));

  it('change the thresholds of the alarms of these names, on each source and on all together', () => {
    const expected = {
      ApiErrors: 50,
      ReceiverSlow: 1_000,
      ShopSignaturesRefused: 25,
      ShopUnavailable: 20,
      ShopConflict: 3,
      ShopQuarantined: 4,
      ShopInvalid: 2.5,
      ForwardingLate: 1_800_000,
    };
    expect(valuesOf(changed)).toMatchObject({ ...expected, ShopFailed: 1, ReceiverErrors: 1 });
    const together = valuesOf(alarmsOf(inboxTemplate({ sources, alarms: { thresholds, perSource: false } })));
    expect(together).toMatchObject({
      SignaturesRefused: 25,
      Unavailable: 20,
      Conflict: 3,
      Quarantined: 4,
      Invalid: 2.5,
    });
  });

  it('are in the descriptions', () => {
    const descriptions = changed.map(descriptionOf).join();
    for (const text of ['at least 25% of the signatures', 'at least 2.5% of the deliveries', '30 minutes late']) {
      expect(descriptions).toContain(text);
    }
  });

  it('leave the others at their default', () => {
    const one = valuesOf(alarmsOf(inboxTemplate({ sources, alarms: { thresholds: { conflict: 7 } } })));
    expect(one).toEqual({ ...valuesOf(alarms), PartnerConflict: 7, PartnerEuConflict: 7, ShopConflict: 7 });
  });

  it.each([
    [{ apiErrors: 0 }, 'apiErrors must be a whole number, at least 1, not 0.'],
    [{ quarantined: 1.5 }, 'quarantined must be a whole number, at least 1, not 1.5.'],
    [{ unavailable: Number.NaN }, 'unavailable must be a whole number, at least 1, not NaN.'],
    [{ invalid: 0 }, 'invalid must be a percentage above 0, at most 100, not 0.'],
    [{ signaturesRefused: 101 }, 'signaturesRefused must be a percentage above 0, at most 100, not 101.'],
    [{ receiverSlow: Duration.seconds(11) }, 'receiverSlow must be a duration up to 10 seconds, not 11000 ms.'],
    [{ receiverSlow: Duration.millis(0) }, 'receiverSlow must be a duration up to 10 seconds, not 0 ms.'],
    [{ forwardingLate: Duration.hours(24) }, 'forwardingLate must be a duration up to 23 hours, not 86400000 ms.'],
  ])('cannot be %j', (invalid, message) => {
    expect(() => inboxTemplate({ sources, alarms: { thresholds: invalid } })).toThrow(
      new Error(`alarms.thresholds.${message}`),
    );
  });

  it('have only known names', () => {
    const alarms = { thresholds: { failed: 3 } } as AlarmsProps;
    expect(() => inboxTemplate({ sources, alarms })).toThrow('alarms.thresholds has no "failed". The thresholds are');
  });
});

describe('actions of alarms', () => {
  const action = (alarmActionArn: string): IAlarmAction => ({ bind: () => ({ alarmActionArn }) });
  const topic = Topic.fromTopicArn(new Stack(), 'Topic', 'arn:aws:sns:eu-west-1:111122223333:pager');

  it('are taken when any alarm fires or returns to OK, in addition to the topic', () => {
    const alarms = { topic, actions: [action('arn:page')], okActions: [action('arn:close')] };
    for (const { Properties } of alarmsOf(inboxTemplate({ sources, alarms }))) {
      expect(Properties.AlarmActions).toEqual([topic.topicArn, 'arn:page']);
      expect(Properties.OKActions).toEqual([topic.topicArn, 'arn:close']);
    }
  });

  it('need no topic', () => {
    for (const { Properties } of alarmsOf(inboxTemplate({ sources, alarms: { actions: [action('arn:page')] } }))) {
      expect([Properties.AlarmActions, Properties.OKActions]).toEqual([['arn:page'], undefined]);
    }
  });

  it('are at most 5 per state, topic included', () => {
    const actions = Array.from({ length: 5 }, () => action('arn:page'));
    expect(() => inboxTemplate({ sources, alarms: { actions } })).not.toThrow();
    expect(() => inboxTemplate({ sources, alarms: { actions, topic } })).toThrow(
      'alarms has 5 actions for a state, but CloudWatch allows 5, topic included.',
    );
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
    for (const metric of ['Quarantined', 'DuplicateDiffers', 'payload_too_large']) expect(whole).toContain(metric);
    expect(whole).toContain('Dead letters');
    expect(bodyOf({ sources, forwarding: false })).not.toContain('Dead letters');
    expect(whole).not.toContain('SEARCH');
  });

  it('searches for the sources with the highest values if some have no alarms of their own', () => {
    const whole = bodyOf({ sources, alarms: { perSource: ['shop'] } });
    expect(whole).toContain('all sources: outcomes');
    expect(whole).toContain('shop: outcomes');
    expect(whole).not.toContain('partner: outcomes');
    expect(whole).toContain(
      String.raw`{WebhookInbox,inbox,service,source} inbox=\\\"Hooks/Inbox\\\" (MetricName=\\\"Processed\\\")`,
    );
  });

  it('has at most 100 alarms in a widget, as CloudWatch requires', () => {
    const body = bodyOf({ sources: manySources(40) });
    const lists = body.match(/\\"alarms\\":\[/g) ?? [];
    expect(lists).toHaveLength(Math.ceil((40 * 5 + 2 + 13) / 100));
  });
});

describe('alarms: false', () => {
  it('creates no alarms and no dashboard', () => {
    const silent = inboxTemplate({ sources, alarms: false });
    expect(alarmsOf(silent)).toEqual([]);
    expect(resourcesOf(silent, 'AWS::CloudWatch::Dashboard')).toEqual([]);
  });
});

import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { constructId } from '../construct-id.ts';
import { onInvalidOf, type SourceProps } from '../sources.ts';
import type { AlarmThresholds } from './alarm-thresholds.ts';
import {
  deadLetterCount,
  durationP99,
  invalidRate,
  invalidSignatureRate,
  iteratorAge,
  type MonitoredSource,
  messageCount,
  type OnInvalids,
  serverErrors,
  silence,
  silencePeriod,
  sourceMetric,
  storedWithoutForwarding,
  sum,
  writeThrottles,
} from './metrics.ts';

/** The thresholds of an inbox. */
type Thresholds = Required<AlarmThresholds>;

/** One source of an inbox. */
type NamedSource = MonitoredSource & { readonly name: string };

/** Resources that receive and store events. */
export interface MonitoredReceiver {
  readonly api: RestApi;
  readonly receiver: IFunction;
  readonly table: ITable;
}

/** Queues of the events that could not be stored in time. */
export interface MonitoredOverflow {
  readonly queue: IQueue;
  readonly deadLetters: IQueue;
}

/** Resources that forward events. */
export interface MonitoredForwarding {
  readonly function: IFunction;
  readonly deadLetters: IQueue;
}

/** When an alarm fires, and its description. */
export interface AlarmDefinition {
  readonly metric: IMetric;
  /** The alarm fires at this value and above. */
  readonly threshold: number;
  /**
   * How many of the most recent periods are evaluated.
   * @default 1
   */
  readonly evaluationPeriods?: number;
  /**
   * How many of the evaluated periods must reach the threshold.
   * @default - all of them
   */
  readonly datapointsToAlarm?: number;
  /**
   * How periods without data are evaluated. A metric that counts has no data as long as nothing happens.
   * @default TreatMissingData.NOT_BREACHING
   */
  readonly treatMissingData?: TreatMissingData;
  /** What happened and what to do, in one or two sentences. */
  readonly description: string;
  /** Anchor of the alarm's section in the runbook, docs/operations.md. */
  readonly runbookSection: string;
}

/** Alarms on the API, the receiver and the table, by construct id. */
export function receiverAlarms(
  { api, receiver, table }: MonitoredReceiver,
  { apiErrors, receiverSlow }: Thresholds,
): Record<string, AlarmDefinition> {
  return {
    ApiErrors: {
      metric: serverErrors(api),
      threshold: apiErrors,
      description: 'The API answered 5xx, and providers will retry. Check the function, its table and its secrets.',
      runbookSection: 'api-errors',
    },
    ReceiverErrors: {
      metric: receiver.metricErrors(sum),
      threshold: 1,
      description: 'The receiver crashed, timed out or ran out of memory. Read its log.',
      runbookSection: 'receiver-errors',
    },
    ReceiverThrottles: {
      metric: receiver.metricThrottles(sum),
      threshold: 1,
      description: "Lambda throttled the receiver. Raise its concurrency, or lower the API's throttle.",
      runbookSection: 'receiver-throttles',
    },
    ReceiverSlow: {
      metric: durationP99(receiver),
      threshold: receiverSlow.toMilliseconds(),
      evaluationPeriods: 3,
      datapointsToAlarm: 2,
      description:
        'One in a hundred deliveries takes too long: Slack waits 3 s. Compare StoreLatency with the duration.',
      runbookSection: 'receiver-slow',
    },
    TableThrottles: {
      metric: writeThrottles(table),
      threshold: 1,
      description:
        'DynamoDB throttled writes to the table. Check whether traffic jumped or the table reached one of its quotas.',
      runbookSection: 'table-throttles',
    },
  };
}

/** Alarms on one source, by construct id. */
export function sourceAlarms(
  source: NamedSource,
  props: SourceProps<string>,
  thresholds: Thresholds,
): Record<string, AlarmDefinition> {
  const alarms = outcomeAlarms(source, [onInvalidOf(props)], thresholds);
  const named = Object.entries(alarms).map(([name, alarm]) => [`${constructId(source.name)}${name}`, alarm] as const);
  return Object.fromEntries(named);
}

/**
 * The alarm on the silence of a source, by construct id; none if the source has no `silentAfter`. Silence of all sources
 * together would hide that of each.
 */
export function silenceAlarms(
  source: NamedSource,
  { silentAfter }: SourceProps<string>,
): Record<string, AlarmDefinition> {
  return silentAfter ? { [`${constructId(source.name)}Silent`]: silenceAlarm(source, silentAfter) } : {};
}

/**
 * Alarms on all sources together, by construct id. No id is that of an alarm on one source: those begin with its name.
 */
export function allSourcesAlarms(
  inbox: string,
  sources: readonly SourceProps<string>[],
  thresholds: Thresholds,
): Record<string, AlarmDefinition> {
  return outcomeAlarms({ inbox, name: undefined }, sources.map(onInvalidOf), thresholds);
}

/** Alarms on what happens to deliveries, by name. */
function outcomeAlarms(
  source: MonitoredSource,
  onInvalid: OnInvalids,
  thresholds: Thresholds,
): Record<string, AlarmDefinition> {
  const { signaturesRefused, unavailable, conflict, quarantined, invalid } = thresholds;
  const subject = source.name === undefined ? 'All sources together' : `Source ${source.name}`;
  return {
    SignaturesRefused: {
      metric: invalidSignatureRate(source, onInvalid),
      threshold: signaturesRefused,
      description: `${subject}: at least ${signaturesRefused}% of the signatures are invalid. Check the secret, or whether someone forges requests.`,
      runbookSection: 'signatures-refused',
    },
    Unavailable: {
      metric: sourceMetric('Unavailable', source),
      threshold: unavailable,
      description: `${subject}: events could not be stored, and the provider will retry. Check the tables, the bucket and the secret.`,
      runbookSection: 'unavailable',
    },
    Conflict: {
      metric: sourceMetric('Conflict', source),
      threshold: conflict,
      description: `${subject}: an event has the id of a stored event but another payload, which ${second(onInvalid)}. Ask the provider which one is right.`,
      runbookSection: 'conflict',
    },
    Failed: {
      metric: sourceMetric('Failed', source),
      threshold: 1,
      description: `${subject}: the receiver has a defect and answered 500. Read its log, fix the defect and deploy.`,
      runbookSection: 'failed',
    },
    // Sources that reject what is invalid never emit the metric.
    ...(onInvalid.includes('quarantine') && {
      Quarantined: {
        metric: sourceMetric('Quarantined', source),
        threshold: quarantined,
        description: `${subject}: a verified event is invalid and is in quarantine for 14 days. Accept or discard it with webhook-inbox quarantine.`,
        runbookSection: 'quarantined',
      },
    }),
    Invalid: {
      metric: invalidRate(source, onInvalid),
      threshold: invalid,
      description: `${subject}: at least ${invalid}% of the deliveries are invalid, too large or of another content type. Check what the sender changed.`,
      runbookSection: 'invalid',
    },
  };
}

/** What happened to the second payload of an event id. */
function second(onInvalid: OnInvalids): string {
  if (!onInvalid.includes('reject')) return 'is in quarantine';
  return onInvalid.includes('quarantine') ? 'is in quarantine or was rejected' : 'was rejected';
}

/** Fires if every period was silent. A source that never received an event has no data at all. */
function silenceAlarm(source: NamedSource, silentAfter: Duration): AlarmDefinition {
  const period = silencePeriod(silentAfter);
  return {
    metric: silence(source, period),
    threshold: 1,
    evaluationPeriods: silentAfter.toSeconds() / period.toSeconds(),
    treatMissingData: TreatMissingData.BREACHING,
    description: `Source ${source.name}: no event arrived for ${silentAfter.toHumanString()}. Check whether its provider still sends, and to which URL.`,
    runbookSection: 'source-silent',
  };
}

/** Alarms on the overflow, by construct id. */
export function overflowAlarms({ queue, deadLetters }: MonitoredOverflow): Record<string, AlarmDefinition> {
  return {
    OverflowLate: {
      metric: messageCount(queue),
      // One message is about 1: SQS does not sample both of its states at the same moment.
      threshold: 0.5,
      evaluationPeriods: 3,
      description:
        'Acknowledged events have been waiting in the overflow queue for 15 minutes. Check the tables and the bucket.',
      runbookSection: 'overflow-late',
    },
    OverflowDeadLetters: {
      metric: deadLetterCount(deadLetters),
      threshold: 1,
      description: 'Acknowledged events could not be stored for 4 days. Fix the cause, then run webhook-inbox redrive.',
      runbookSection: 'overflow-dead-letters',
    },
  };
}

/** Alarm on the dead-letter queue of a rule for one source. */
export function ruleAlarm(sourceName: string, deadLetters: IQueue): AlarmDefinition {
  return {
    metric: deadLetterCount(deadLetters),
    threshold: 1,
    description: `Source ${sourceName}: a target did not take events of a rule. Fix the target, then put them on the bus again with webhook-inbox redeliver or replay.`,
    runbookSection: 'consumer-dead-letters',
  };
}

/** Alarms on forwarding, by construct id. */
export function forwardingAlarms(
  forwarding: MonitoredForwarding,
  table: ITable,
  { forwardingLate }: Thresholds,
): Record<string, AlarmDefinition> {
  return {
    ForwarderStopped: stoppedAlarm(forwarding, table, Duration.minutes(5)),
    ForwarderStoppedForHours: stoppedAlarm(forwarding, table, Duration.hours(6)),
    ForwarderErrors: {
      metric: forwarding.function.metricErrors(sum),
      threshold: 1,
      description: 'The forwarder crashed, timed out or ran out of memory, and Lambda retries its batch. Read its log.',
      runbookSection: 'forwarder-errors',
    },
    ForwarderThrottles: {
      metric: forwarding.function.metricThrottles(sum),
      threshold: 1,
      description: 'Lambda throttled the forwarder, and stored events wait. Raise the concurrency of the account.',
      runbookSection: 'forwarder-throttles',
    },
    ForwardingLate: {
      metric: iteratorAge(forwarding.function),
      threshold: forwardingLate.toMilliseconds(),
      description: `Stored events reach the bus over ${forwardingLate.toHumanString()} late. The forwarder gives up on them after 23 hours. Read its log.`,
      runbookSection: 'forwarding-late',
    },
    DeadLetters: {
      metric: deadLetterCount(forwarding.deadLetters),
      threshold: 1,
      description: 'The forwarder gave up on events. Fix the cause, then forward them with webhook-inbox redrive.',
      runbookSection: 'dead-letters',
    },
  };
}

/**
 * Fires if the forwarder was not invoked in two periods in a row although items were stored in both: what was stored in
 * the first is forwarded in the second at the latest. Short periods are for inboxes that always store, and long ones for
 * inboxes that store a few events a day; two of 6 hours are over before the stream loses its first record.
 */
function stoppedAlarm(forwarding: MonitoredForwarding, table: ITable, period: Duration): AlarmDefinition {
  return {
    metric: storedWithoutForwarding(table, forwarding.function, period),
    threshold: 1,
    evaluationPeriods: 2,
    description: `Events were stored in each of two periods of ${period.toHumanString()}, and the forwarder did not run. Check its event source mapping.`,
    runbookSection: 'forwarder-stopped',
  };
}

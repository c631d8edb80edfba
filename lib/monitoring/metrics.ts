import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { OnInvalid } from '../sources.ts';

/** Period of the metrics. */
export const PERIOD = Duration.minutes(5);

/** Least number of deliveries per period for a meaningful percentage. */
const MIN_DELIVERIES = 20;

/** Options of a metric that is the total of a period. */
export const sum = { statistic: Stats.SUM, period: PERIOD };

/** Responses of the API with status 5xx. */
export const serverErrors = (api: RestApi) => api.metricServerError(sum);
/** 99th percentile of a function's duration, in milliseconds. */
export const durationP99 = (fn: IFunction) => fn.metricDuration({ statistic: Stats.p(99), period: PERIOD });
/** Writes that DynamoDB throttled. */
export const writeThrottles = (table: ITable) => table.metric('WriteThrottleEvents', sum);
/** Age of the last stream record that the forwarder read, in milliseconds. */
export const iteratorAge = (forwarder: IFunction) =>
  forwarder.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: PERIOD });
/**
 * 1 for a period in which items were stored and the forwarder was not invoked, 0 otherwise. A single such period may be
 * harmless: the forwarder is invoked after the item was stored, which may be in the next period.
 */
export function storedWithoutForwarding(table: ITable, forwarder: IFunction, period: Duration): MathExpression {
  const stored = table.metric('SuccessfulRequestLatency', {
    dimensionsMap: { TableName: table.tableName, Operation: 'PutItem' },
    statistic: Stats.SAMPLE_COUNT,
  });
  const invoked = forwarder.metricInvocations({ statistic: Stats.SUM });
  return new MathExpression({
    label: 'Stored without forwarding',
    expression: 'IF(FILL(stored, 0) > 0 AND FILL(invoked, 0) == 0, 1, 0)',
    usingMetrics: { stored, invoked },
    period,
  });
}
/**
 * Messages in a queue on average, those included that were received and wait for their next attempt. The age of the oldest
 * message would not show an outage: SQS leaves out messages that were received three times.
 * @see https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
 */
export function messageCount(queue: IQueue): MathExpression {
  const average = { statistic: Stats.AVERAGE };
  const visible = queue.metricApproximateNumberOfMessagesVisible(average);
  const received = queue.metricApproximateNumberOfMessagesNotVisible(average);
  return new MathExpression({
    label: 'Waiting messages',
    expression: 'FILL(visible, 0) + FILL(received, 0)',
    usingMetrics: { visible, received },
    period: PERIOD,
  });
}
/** Messages in a dead-letter queue. */
export const deadLetterCount = (queue: IQueue) =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: PERIOD });

/** A source and its inbox, by their names: two dimensions of the receiver's metrics. */
export interface MonitoredSource {
  readonly inbox: string;
  /** `undefined` for all sources of the inbox together. */
  readonly name: string | undefined;
}

/** How a label or a description names a source. */
export function labelOf({ name }: MonitoredSource): string {
  return name ?? 'all sources';
}

/** What happens to invalid deliveries of a source, or of the sources of an inbox. */
export type OnInvalids = readonly OnInvalid[];

/** A metric that the receiver emits per source, and for all sources together. */
export function sourceMetric(
  metricName: string,
  { inbox, name: source }: MonitoredSource,
  reason?: string,
  statistic: string = Stats.SUM,
): Metric {
  return new Metric({
    namespace: 'WebhookInbox',
    metricName,
    dimensionsMap: { service: 'webhook-inbox', inbox, ...(source && { source }), ...(reason && { reason }) },
    statistic,
    period: PERIOD,
  });
}

/**
 * The period of an alarm that looks back over `silentAfter`. CloudWatch alarms look back at most a day with periods
 * below an hour, and 7 days with longer ones.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
 */
export function silencePeriod(silentAfter: Duration): Duration {
  const isWithinDay = silentAfter.toSeconds() <= Duration.days(1).toSeconds();
  return isWithinDay ? PERIOD : Duration.hours(1);
}

/** Deliveries that reached a table. Each counts once, however many events it has and whatever their outcomes are. */
function storedDeliveries(source: MonitoredSource): Metric {
  return sourceMetric('StoreLatency', source, undefined, Stats.SAMPLE_COUNT);
}

/**
 * 1 for a period without a delivery that reached a table, 0 otherwise. New events, duplicates, conflicts and events in
 * quarantine reach a table. Handshakes do not: some arrive every hour regardless of events, and some are answered to
 * anyone. Rejected deliveries do not either.
 */
export function silence(source: MonitoredSource, period: Duration): MathExpression {
  return new MathExpression({
    label: `${labelOf(source)}: silent`,
    expression: 'IF(FILL(stored, 0) > 0, 0, 1)',
    usingMetrics: { stored: storedDeliveries(source) },
    period,
  });
}

/** Metrics by the names that an expression has for them. */
type Metrics = Readonly<Record<string, Metric>>;

/** Deliveries that were rejected after their signature was verified, by a source that rejects what is invalid. */
const rejectedAsInvalid = (source: MonitoredSource): Metrics => ({
  malformed: sourceMetric('Rejected', source, 'malformed_body'),
  mismatched: sourceMetric('Rejected', source, 'invalid_event'),
});

/** Deliveries with a valid signature, without handshakes. */
const verifiedDeliveries = (source: MonitoredSource, onInvalid: OnInvalids): Metrics => ({
  stored: storedDeliveries(source),
  ...(onInvalid.includes('reject') && rejectedAsInvalid(source)),
});

/**
 * Deliveries that were rejected before their signature was checked, for their size or their content type. No retry can
 * help them.
 */
const rejectedUnread = (source: MonitoredSource): Metrics => ({
  oversized: sourceMetric('Rejected', source, 'payload_too_large'),
  mistyped: sourceMetric('Rejected', source, 'unsupported_media_type'),
});

/**
 * Percentage of the checked signatures that are invalid. Deliveries with a valid signature are those that reached a table
 * and those that were rejected as invalid.
 */
export function invalidSignatureRate(source: MonitoredSource, onInvalid: OnInvalids): MathExpression {
  const refused = { refused: sourceMetric('Rejected', source, 'invalid_signature') };
  const checked = { ...refused, ...verifiedDeliveries(source, onInvalid) };
  return percentage(`${labelOf(source)}: signatures refused, %`, refused, checked);
}

/**
 * Percentage of the deliveries that are invalid: those with an event in quarantine, those that were rejected as invalid,
 * and those that are too large or have another content type. The whole is the verified deliveries and the last two, which
 * were rejected before verification. Invalid signatures are in neither, so that forged requests cannot lower the
 * percentage; but anyone can raise it with large bodies.
 *
 * Each delivery counts once. The receiver emits `Quarantined` once per delivery, and the value is the number of events:
 * the sample count is the number of deliveries, while the sum could exceed the whole for bodies of several events.
 */
export function invalidRate(source: MonitoredSource, onInvalid: OnInvalids): MathExpression {
  const quarantined = { quarantined: sourceMetric('Quarantined', source, undefined, Stats.SAMPLE_COUNT) };
  const unread = rejectedUnread(source);
  const invalid = {
    ...(onInvalid.includes('quarantine') && quarantined),
    ...(onInvalid.includes('reject') && rejectedAsInvalid(source)),
    ...unread,
  };
  return percentage(`${labelOf(source)}: invalid, %`, invalid, { ...verifiedDeliveries(source, onInvalid), ...unread });
}

/** Percentage of a whole, or 0 if the whole is too small. */
function percentage(label: string, part: Metrics, whole: Metrics): MathExpression {
  return new MathExpression({
    label,
    expression: `IF(${total(whole)} >= ${MIN_DELIVERIES}, 100 * ${total(part)} / ${total(whole)}, 0)`,
    usingMetrics: { ...part, ...whole },
    period: PERIOD,
  });
}

/** The sum of metrics as an expression. A metric without data counts as 0. */
function total(metrics: Metrics): string {
  const terms = Object.keys(metrics).map((name) => `FILL(${name}, 0)`);
  return `(${terms.join(' + ')})`;
}

import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

const PERIOD = Duration.minutes(5);

/** Least number of signatures per period for a meaningful ratio. */
const MIN_SIGNATURES = 20;

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
/** Messages in the dead-letter queue. */
export const deadLetterCount = (queue: IQueue) =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: PERIOD });

/** A metric that the receiver emits per source. */
export function sourceMetric(name: string, source: string, reason?: string, statistic: string = Stats.SUM): Metric {
  return new Metric({
    namespace: 'WebhookInbox',
    metricName: name,
    dimensionsMap: { service: 'webhook-inbox', source, ...(reason && { reason }) },
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

/**
 * 1 for a period without a delivery that reached the table, 0 otherwise. New events, duplicates and conflicts reach the
 * table. Handshakes do not: some arrive every hour regardless of events, and some are answered to anyone. Rejected
 * deliveries do not either.
 */
export function silence(source: string, period: Duration): MathExpression {
  return new MathExpression({
    label: `${source}: silent`,
    expression: 'IF(FILL(stored, 0) > 0, 0, 1)',
    usingMetrics: { stored: sourceMetric('StoreLatency', source, undefined, Stats.SAMPLE_COUNT) },
    period,
  });
}

/**
 * Percentage of the checked signatures that are invalid. Deliveries with a valid signature are those that reached the table
 * (each counts once, however many events it has) and those that do not match the schema.
 */
export function invalidSignatureRate(source: string): MathExpression {
  return new MathExpression({
    label: `${source}: signatures refused, %`,
    expression: `IF(${SIGNATURES} >= ${MIN_SIGNATURES}, 100 * FILL(refused, 0) / ${SIGNATURES}, 0)`,
    usingMetrics: {
      refused: sourceMetric('Rejected', source, 'invalid_signature'),
      stored: sourceMetric('StoreLatency', source, undefined, Stats.SAMPLE_COUNT),
      mismatched: sourceMetric('Rejected', source, 'invalid_event'),
    },
    period: PERIOD,
  });
}

const SIGNATURES = '(FILL(refused, 0) + FILL(stored, 0) + FILL(mismatched, 0))';

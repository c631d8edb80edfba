import { Duration } from 'aws-cdk-lib';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';
import { MathExpression, Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITable } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';

const PERIOD = Duration.minutes(5);

/** Below so many signatures in a period, a ratio says nothing. */
const MIN_SIGNATURES = 20;

/** Totals of a period. */
export const sum = { statistic: Stats.SUM, period: PERIOD };

/** What callers were answered with 5xx. */
export const serverErrors = (api: RestApi) => api.metricServerError(sum);
/** How long a function takes, but for the slowest in a hundred; in milliseconds. */
export const p99 = (watched: IFunction) => watched.metricDuration({ statistic: Stats.p(99), period: PERIOD });
/** Writes that the table refused for a while. */
export const writeThrottles = (table: ITable) => table.metric('WriteThrottleEvents', sum);
/** How late the stream is read, in milliseconds. */
export const iteratorAge = (forwarder: IFunction) =>
  forwarder.metric('IteratorAge', { statistic: Stats.MAXIMUM, period: PERIOD });
/** How many dead letters wait. */
export const deadLetterCount = (queue: IQueue) =>
  queue.metricApproximateNumberOfMessagesVisible({ statistic: Stats.MAXIMUM, period: PERIOD });

/** A metric that the receiver itself reports of a source. */
export function ofSource(metricName: string, source: string, reason?: string, statistic: string = Stats.SUM): Metric {
  return new Metric({
    namespace: 'WebhookInbox',
    metricName,
    dimensionsMap: { service: 'webhook-inbox', source, ...(reason && { reason }) },
    statistic,
    period: PERIOD,
  });
}

/**
 * 1 where no delivery of a source went on to the table in a period, 0 where one did, be its event new, a duplicate or a
 * conflict. Handshakes do not count: some come every hour whatever happens, and some from anyone who asks. Nor does what
 * was refused: nothing of it was stored.
 */
export function silence(source: string, period: Duration): MathExpression {
  return new MathExpression({
    label: `${source}: silent`,
    expression: 'IF(FILL(stored, 0) > 0, 0, 1)',
    usingMetrics: { stored: ofSource('StoreLatency', source, undefined, Stats.SAMPLE_COUNT) },
    period,
  });
}

/**
 * The share of signatures that did not hold, in percent. A delivery whose signature held went on to the table, where it
 * counts once however many events it brought, or did not match the schema.
 */
export function forgedShare(source: string): MathExpression {
  return new MathExpression({
    label: `${source}: signatures refused, %`,
    expression: `IF(${SIGNATURES} >= ${MIN_SIGNATURES}, 100 * FILL(refused, 0) / ${SIGNATURES}, 0)`,
    usingMetrics: {
      refused: ofSource('Rejected', source, 'invalid_signature'),
      stored: ofSource('StoreLatency', source, undefined, Stats.SAMPLE_COUNT),
      mismatched: ofSource('Rejected', source, 'invalid_event'),
    },
    period: PERIOD,
  });
}

const SIGNATURES = '(FILL(refused, 0) + FILL(stored, 0) + FILL(mismatched, 0))';

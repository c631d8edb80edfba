import { SERVICE } from './log-line.ts';

/** A metric's name and unit, with the value of one delivery. */
export type Measured = readonly [name: string, unit: 'Count' | 'Milliseconds', value: number];

/** The dimensions of a metric, besides `service`. */
export interface Dimensions {
  /** Name of the inbox. */
  readonly inbox: string;
  /** Name of the source, or `none`. */
  readonly source: string;
  /** Why a delivery was rejected, or an event was put in quarantine. */
  readonly reason?: string | undefined;
}

/** The metrics of one delivery. */
export interface Measurement {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Dimensions besides `service`. */
  readonly dimensions: Dimensions;
  readonly metrics: readonly Measured[];
}

/**
 * A log line from which CloudWatch extracts metrics, in the namespace `WebhookInbox`. Each counts twice: for its source,
 * and without the dimension `source` for the inbox, since alarms cannot add the metrics of any number of sources.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsLine({ time, dimensions: { inbox, source, reason }, metrics }: Measurement): string {
  const ofReason = reason === undefined ? [] : ['reason'];
  const document: Record<string, unknown> = {
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [
        {
          Namespace: 'WebhookInbox',
          Dimensions: [
            ['service', 'inbox', 'source', ...ofReason],
            ['service', 'inbox', ...ofReason],
          ],
          Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    service: SERVICE,
    inbox,
    source,
    reason,
  };
  for (const [name, , value] of metrics) document[name] = value;
  return `${JSON.stringify(document)}\n`;
}

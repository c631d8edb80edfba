import { SERVICE } from './log-line.ts';

/** A metric's name and unit, with the value of one delivery. */
export type Measured = readonly [name: string, unit: 'Count' | 'Milliseconds', value: number];

/** The metrics of one delivery. */
export interface Measurement {
  /** Epoch milliseconds. */
  readonly time: number;
  /** Dimensions besides `service`. */
  readonly dimensions: Readonly<Record<string, string>>;
  readonly metrics: readonly Measured[];
}

/**
 * A log line from which CloudWatch extracts metrics, in the namespace `WebhookInbox`.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 */
export function metricsLine({ time, dimensions, metrics }: Measurement): string {
  const document: Record<string, unknown> = {
    _aws: {
      Timestamp: time,
      CloudWatchMetrics: [
        {
          Namespace: 'WebhookInbox',
          Dimensions: [['service', ...Object.keys(dimensions)]],
          Metrics: metrics.map(([Name, Unit]) => ({ Name, Unit })),
        },
      ],
    },
    service: SERVICE,
    ...dimensions,
  };
  for (const [name, , value] of metrics) document[name] = value;
  return `${JSON.stringify(document)}\n`;
}

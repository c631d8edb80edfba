import { type Metric, type MetricOptions, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { sourceMetric } from './metrics.ts';

/** A metric that the receiver emits per source. docs/metrics.md#metrics describes each. */
export type SourceMetricName =
  | 'Processed'
  | 'Duplicate'
  | 'DuplicateDiffers'
  | 'Conflict'
  | 'Quarantined'
  | 'Queued'
  | 'Rejected'
  | 'Handshake'
  | 'Unavailable'
  | 'Failed'
  | 'PreviousSecretUsed'
  | 'StoreLatency';

/** Options of a metric of a source. The statistic is the sum, and the period is 5 minutes by default. */
export interface SourceMetricOptions extends Omit<MetricOptions, 'dimensionsMap'> {
  /** Name of the source. */
  readonly source: string;
}

/** Why a delivery was rejected: the code of its error. */
export type RejectionCode =
  | 'malformed_body'
  | 'invalid_signature'
  | 'not_found'
  | 'event_id_conflict'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'invalid_event';

/** Options of the metric of rejected deliveries. */
export interface RejectedMetricOptions extends SourceMetricOptions {
  /** Code of the error. The receiver counts each code separately, and emits no total. */
  readonly reason: RejectionCode;
}

/** Options of the metric of what was put in quarantine. */
export interface QuarantinedMetricOptions extends SourceMetricOptions {
  /**
   * Reason why it was put in quarantine, such as `outside_retention`.
   * @default - every reason; those of conflicts are not counted
   */
  readonly reason?: string;
}

/** The metrics of an inbox, by source. Each method throws an `Error` if there is no such source. */
export abstract class InboxMetrics extends Construct {
  /** Name of the inbox: the dimension `inbox` of its metrics, and the first part of its secrets' names. */
  abstract readonly inboxName: string;
  /** Names of the sources; `undefined` if they are unknown, so that every name is accepted. */
  protected abstract readonly sourceNames: readonly string[] | undefined;

  /** New events that were stored. */
  metricProcessed(options: SourceMetricOptions): Metric {
    return this.metric('Processed', options);
  }

  /** Events that were already stored. */
  metricDuplicate(options: SourceMetricOptions): Metric {
    return this.metric('Duplicate', options);
  }

  /** Duplicates whose payload differs from the stored one, of a provider that changes payloads between deliveries. */
  metricDuplicateDiffers(options: SourceMetricOptions): Metric {
    return this.metric('DuplicateDiffers', options);
  }

  /** Events with the id of a stored event and another payload, of a provider that never changes payloads. */
  metricConflict(options: SourceMetricOptions): Metric {
    return this.metric('Conflict', options);
  }

  /** Events, and bodies that cannot be parsed, that were put in quarantine. */
  metricQuarantined({ reason, ...options }: QuarantinedMetricOptions): Metric {
    return this.metric('Quarantined', options, reason);
  }

  /** Events that could not be stored in time and are in the overflow queue. */
  metricQueued(options: SourceMetricOptions): Metric {
    return this.metric('Queued', options);
  }

  /** Deliveries that were answered 4xx, for one reason. */
  metricRejected({ reason, ...options }: RejectedMetricOptions): Metric {
    return this.metric('Rejected', options, reason);
  }

  /** Handshakes of a provider. */
  metricHandshake(options: SourceMetricOptions): Metric {
    return this.metric('Handshake', options);
  }

  /** Deliveries that were answered 503. */
  metricUnavailable(options: SourceMetricOptions): Metric {
    return this.metric('Unavailable', options);
  }

  /** Deliveries that were answered 500, because of a defect. */
  metricFailed(options: SourceMetricOptions): Metric {
    return this.metric('Failed', options);
  }

  /** Deliveries that were signed with the previous secret. */
  metricPreviousSecretUsed(options: SourceMetricOptions): Metric {
    return this.metric('PreviousSecretUsed', options);
  }

  /** Milliseconds that the writes of a delivery took: by default their 99th percentile. */
  metricStoreLatency(options: SourceMetricOptions): Metric {
    return this.metric('StoreLatency', { statistic: Stats.p(99), ...options });
  }

  private metric(name: SourceMetricName, { source, ...options }: SourceMetricOptions, reason?: string): Metric {
    const message = this.validateSourceName(source);
    if (message) throw new Error(`metric${name}: ${message}`);
    return sourceMetric(name, { inbox: this.inboxName, name: source }, reason).with(options).attachTo(this);
  }

  /** @returns what is wrong if the inbox has no such source, or `undefined` */
  protected validateSourceName(source: string): string | undefined {
    if (!this.sourceNames || this.sourceNames.includes(source)) return undefined;
    return `there is no source "${source}". The sources are ${this.sourceNames.join(', ')}.`;
  }
}

import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DeliveryReport, Outcome, Report } from './delivery-report.ts';

/** The metric that counts an outcome. */
const METRICS: Record<Outcome, string> = {
  processed: 'Processed',
  duplicate: 'Duplicate',
  conflict: 'Conflict',
  rejected: 'Rejected',
  unavailable: 'Unavailable',
  failed: 'Failed',
};

/** Reports to CloudWatch: a structured log line, and metrics in the embedded metric format, one of each a delivery. */
export function cloudwatchReport(logger: Logger, metrics: Metrics): Report {
  return (report) => {
    logger[levelOf(report.outcome)]('delivery', toLogLine(report));
    measure(metrics, report);
  };
}

function levelOf(outcome: Outcome) {
  if (outcome === 'unavailable' || outcome === 'failed') return 'error';
  return outcome === 'rejected' || outcome === 'conflict' ? 'warn' : 'info';
}

function toLogLine(report: DeliveryReport) {
  return {
    outcome: report.outcome,
    status: report.status,
    source: report.source,
    provider: report.provider,
    event_id: report.eventId,
    event_type: report.eventType,
    code: report.code,
    reason: report.reason,
    used_previous_secret: report.usedPreviousSecret || undefined,
    latency_ms: round(report.latencyMs),
    store_ms: report.storeMs === undefined ? undefined : round(report.storeMs),
    request_id: report.requestId,
    cause: report.cause,
  };
}

/** What is rejected is counted by its code as well, which callers cannot make up. */
function measure(metrics: Metrics, { outcome, source = 'none', code, usedPreviousSecret, storeMs }: DeliveryReport) {
  metrics.addDimensions({ source, ...(outcome === 'rejected' && code && { reason: code }) });
  metrics.addMetric(METRICS[outcome], MetricUnit.Count, 1);
  if (usedPreviousSecret) metrics.addMetric('PreviousSecretUsed', MetricUnit.Count, 1);
  if (storeMs !== undefined) metrics.addMetric('StoreLatency', MetricUnit.Milliseconds, storeMs);
  metrics.publishStoredMetrics();
}

const round = (milliseconds: number) => Math.round(milliseconds * 100) / 100;

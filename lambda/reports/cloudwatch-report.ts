import type { Logger } from '@aws-lambda-powertools/logger';
import { type Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { DeliveryReport, Outcome, Report } from './delivery-report.ts';

/** The metrics that count events, by what became of them. */
const EVENT_METRICS = { processed: 'Processed', duplicate: 'Duplicate', conflict: 'Conflict' } as const;

/** The metrics that count deliveries of which no event was stored. */
const DELIVERY_METRICS: Partial<Record<Outcome, string>> = {
  greeted: 'Greeted',
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
    events: report.eventId === undefined ? report.stored : undefined,
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
function measure(metrics: Metrics, report: DeliveryReport): void {
  const { outcome, source = 'none', code, stored, usedPreviousSecret, storeMs } = report;
  metrics.addDimensions({ source, ...(outcome === 'rejected' && code && { reason: code }) });
  const deliveries = DELIVERY_METRICS[outcome];
  if (deliveries) metrics.addMetric(deliveries, MetricUnit.Count, 1);
  for (const [each, name] of Object.entries(EVENT_METRICS)) {
    const events = stored[each as keyof typeof stored];
    if (events > 0) metrics.addMetric(name, MetricUnit.Count, events);
  }
  if (usedPreviousSecret) metrics.addMetric('PreviousSecretUsed', MetricUnit.Count, 1);
  if (storeMs !== undefined) metrics.addMetric('StoreLatency', MetricUnit.Milliseconds, storeMs);
  metrics.publishStoredMetrics();
}

const round = (milliseconds: number) => Math.round(milliseconds * 100) / 100;

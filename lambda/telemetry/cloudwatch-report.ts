import type { DeliveryReport, Outcome, Report } from './delivery-report.ts';
import { type Level, logLine, type Write } from './log-line.ts';
import { type Measured, metricsLine } from './metrics-line.ts';

/** The metrics that count events, by what became of them. */
const EVENT_METRICS = { processed: 'Processed', duplicate: 'Duplicate', conflict: 'Conflict' } as const;
const STORED = ['processed', 'duplicate', 'conflict'] as const;

/** The metrics that count deliveries of which no event was stored. */
const DELIVERY_METRICS: Partial<Record<Outcome, string>> = {
  handshake: 'Handshake',
  rejected: 'Rejected',
  unavailable: 'Unavailable',
  failed: 'Failed',
};

/**
 * Reports to CloudWatch: a structured log line, and metrics in the embedded metric format, one of each a delivery.
 * @param clock epoch milliseconds
 */
export function cloudwatchReport(write: Write, clock: () => number): Report {
  return (report) => {
    const time = clock();
    const line = logLine({ level: levelOf(report.outcome), message: 'delivery', time, fields: fieldsOf(report) });
    const metrics = measure(report);
    write(metrics.length > 0 ? line + metricsLine({ time, dimensions: dimensionsOf(report), metrics }) : line);
  };
}

function levelOf(outcome: Outcome): Level {
  if (outcome === 'unavailable' || outcome === 'failed') return 'ERROR';
  return outcome === 'rejected' || outcome === 'conflict' ? 'WARN' : 'INFO';
}

function fieldsOf(report: DeliveryReport) {
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
function dimensionsOf({ outcome, source = 'none', code }: DeliveryReport): Record<string, string> {
  return outcome === 'rejected' && code ? { source, reason: code } : { source };
}

function measure({ outcome, stored, usedPreviousSecret, storeMs }: DeliveryReport): Measured[] {
  const metrics: Measured[] = [];
  const deliveries = DELIVERY_METRICS[outcome];
  if (deliveries) metrics.push([deliveries, 'Count', 1]);
  for (const each of STORED) {
    if (stored[each] > 0) metrics.push([EVENT_METRICS[each], 'Count', stored[each]]);
  }
  if (usedPreviousSecret) metrics.push(['PreviousSecretUsed', 'Count', 1]);
  if (storeMs !== undefined) metrics.push(['StoreLatency', 'Milliseconds', storeMs]);
  return metrics;
}

const round = (milliseconds: number) => Math.round(milliseconds * 100) / 100;

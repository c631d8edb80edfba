import type { DeliveryReport, EventReport, EventStatus, Outcome, Report } from './delivery-report.ts';
import { type Level, logLine, type Write } from './log-line.ts';
import { type Dimensions, type Measured, metricsLine } from './metrics-line.ts';

/** The metrics that count durable events, by their status. */
const EVENT_METRICS: Partial<Record<EventStatus, string>> = {
  processed: 'Processed',
  duplicate: 'Duplicate',
  conflict: 'Conflict',
  quarantined: 'Quarantined',
  queued: 'Queued',
};

/** The metrics that count deliveries, by their outcome. */
const DELIVERY_METRICS: Partial<Record<Outcome, string>> = {
  handshake: 'Handshake',
  rejected: 'Rejected',
  unavailable: 'Unavailable',
  failed: 'Failed',
};

/** The most issues of an event, and the most events of a body that are not processed, that a line lists. */
const MAX_LISTED = 20;

/** The most events of a body of several that a line lists. */
const MAX_BATCH_EVENTS = 100;

/** The most characters that these take: an id may have 1,024 bytes, and a line is paid for by its size. */
const MAX_BATCH_CHARACTERS = 16_384;

/**
 * Reports to CloudWatch: one structured log line per delivery, and its metrics in the embedded metric format.
 * @param inbox name of the inbox, a dimension of every metric
 * @param clock epoch milliseconds
 */
export function cloudwatchReport(inbox: string, write: Write, clock: () => number): Report {
  return (report) => {
    const time = clock();
    const line = logLine({ level: levelOf(report.outcome), message: 'delivery', time, fields: fieldsOf(report) });
    const metrics = measure(report);
    const dimensions = { inbox, ...dimensionsOf(report) };
    const measured = metrics.length > 0 ? metricsLine({ time, dimensions, metrics }) : '';
    write(line + measured + quarantineLines(inbox, report, time));
  };
}

function levelOf(outcome: Outcome): Level {
  if (outcome === 'unavailable' || outcome === 'failed') return 'ERROR';
  return outcome === 'processed' || outcome === 'duplicate' || outcome === 'handshake' ? 'INFO' : 'WARN';
}

function fieldsOf(report: DeliveryReport) {
  const { events } = report;
  const only = events.length === 1 ? events[0] : undefined;
  return {
    outcome: report.outcome,
    status: report.status,
    source: report.source,
    provider: report.provider,
    event_id: report.eventId,
    event_type: report.eventType,
    occurred_at: iso(report.occurredAt),
    events: report.eventId === undefined && events.length > 0 ? countsOf(events) : undefined,
    code: report.code,
    reason: report.reason ?? only?.reason,
    issues: listed(report.issues ?? only?.issues),
    conflict: conflictOf(only),
    batch: only || events.length === 0 ? undefined : batchOf(events),
    not_processed: only ? undefined : listed(events.filter(isRemarkable))?.map(remark),
    used_previous_secret: report.usedPreviousSecret || undefined,
    sealed_secret: report.sealedSecret,
    body_bytes: report.bodyBytes,
    latency_ms: round(report.latencyMs),
    store_ms: report.storeMs === undefined ? undefined : round(report.storeMs),
    request_id: report.requestId,
    cause: report.cause,
  };
}

/** The first events of a body of several, as many as a line lists; `events` counts all of them. */
function batchOf(events: readonly EventReport[]) {
  const batch: object[] = [];
  let characters = 0;
  for (const { eventId, eventType, occurredAt, status } of events.slice(0, MAX_BATCH_EVENTS)) {
    const event = { event_id: eventId, event_type: eventType, occurred_at: iso(occurredAt), status };
    characters += JSON.stringify(event).length;
    if (characters > MAX_BATCH_CHARACTERS) break;
    batch.push(event);
  }
  return batch;
}

/** As many as a line lists; undefined if there are none. */
export const listed = <T>(all: readonly T[] | undefined) =>
  all && all.length > 0 ? all.slice(0, MAX_LISTED) : undefined;

/** Whether a line lists an event of a body of several. */
export const isRemarkable = ({ status }: EventReport) => status !== 'processed' && status !== 'duplicate';

/** An event of a body of several, as the line lists it. */
export function remark(event: EventReport) {
  const { status, eventId: event_id, reason, issues } = event;
  return { event_id, status, reason, issues: listed(issues), ...conflictOf(event) };
}

function conflictOf({ conflict }: Partial<EventReport> = {}) {
  if (!conflict) return undefined;
  const { storedSha256: stored_sha256, receivedSha256: received_sha256, differingFields: differing_fields } = conflict;
  return { stored_sha256, received_sha256, differing_fields };
}

/** How many events have each status. */
export function countsOf(events: readonly EventReport[]): Partial<Record<EventStatus, number>> {
  const counts: Partial<Record<EventStatus, number>> = {};
  for (const { status } of events) counts[status] = (counts[status] ?? 0) + 1;
  return counts;
}

/** Rejected deliveries are counted by their code too, which callers cannot invent. */
function dimensionsOf({ outcome, source = 'none', code }: DeliveryReport): Omit<Dimensions, 'inbox'> {
  return outcome === 'rejected' && code ? { source, reason: code } : { source };
}

function measure({ outcome, events, usedPreviousSecret, storeMs }: DeliveryReport): Measured[] {
  const metrics: Measured[] = [];
  const deliveries = DELIVERY_METRICS[outcome];
  if (deliveries) metrics.push([deliveries, 'Count', 1]);
  metrics.push(...countEvents(events));
  if (usedPreviousSecret) metrics.push(['PreviousSecretUsed', 'Count', 1]);
  if (storeMs !== undefined) metrics.push(['StoreLatency', 'Milliseconds', storeMs]);
  return metrics;
}

/** The metrics that count events. */
export function countEvents(events: readonly EventReport[]): Measured[] {
  const metrics: Measured[] = [];
  for (const [status, count] of Object.entries(countsOf(events))) {
    const name = EVENT_METRICS[status as EventStatus];
    if (name) metrics.push([name, 'Count', count]);
  }
  const differing = events.filter(({ differs }) => differs).length;
  if (differing > 0) metrics.push(['DuplicateDiffers', 'Count', differing]);
  return metrics;
}

/** Counts the events in quarantine by reason, in one line per reason. A conflict that is kept there has a reason too. */
export function quarantineLines(
  inbox: string,
  { source = 'none', events }: Pick<DeliveryReport, 'source' | 'events'>,
  time: number,
): string {
  const counts = new Map<string, number>();
  for (const { status, reason } of events) {
    if (reason && (status === 'quarantined' || status === 'conflict'))
      counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const lines = [...counts].map(([reason, count]) =>
    metricsLine({ time, dimensions: { inbox, source, reason }, metrics: [['Quarantined', 'Count', count]] }),
  );
  return lines.join('');
}

const iso = (time: number | undefined) => (time === undefined ? undefined : new Date(time).toISOString());

const round = (milliseconds: number) => Math.round(milliseconds * 100) / 100;

import { countEvents, countsOf, isRemarkable, listed, quarantineLines, remark } from './cloudwatch-report.ts';
import type { CauseReport, EventReport } from './delivery-report.ts';
import { logLine, type Write } from './log-line.ts';
import { metricsLine } from './metrics-line.ts';

/** The report of a message of the overflow queue. It holds no payload. */
export interface OverflowReport {
  /** SQS's id of the message. */
  readonly messageId: string;
  /** How many times SQS has delivered the message, this time included. */
  readonly receiveCount: number;
  /** The source of its events; undefined if the message cannot be read. */
  readonly source: string | undefined;
  readonly events: readonly EventReport[];
  /** The error because of which SQS delivers the message again; undefined if all its events are stored. */
  readonly cause: CauseReport | undefined;
}

/**
 * Reports to CloudWatch: one log line per message, and the metrics of its events.
 * @param inbox name of the inbox, a dimension of the metrics
 * @param clock epoch milliseconds
 */
export function overflowReport(inbox: string, write: Write, clock: () => number): (report: OverflowReport) => void {
  return (report) => {
    const { messageId, receiveCount, source, events, cause } = report;
    const time = clock();
    const fields = {
      outcome: cause ? 'unavailable' : 'stored',
      message_id: messageId,
      receive_count: receiveCount,
      source,
      events: countsOf(events),
      event_ids: listed(events.flatMap(({ eventId }) => eventId ?? [])),
      not_processed: listed(events.filter(isRemarkable))?.map(remark),
      cause,
    };
    const line = logLine({ level: cause ? 'ERROR' : 'INFO', message: 'overflow', time, fields });
    const metrics = countEvents(events);
    const measured = source && metrics.length > 0 ? metricsLine({ time, dimensions: { inbox, source }, metrics }) : '';
    write(line + measured + quarantineLines(inbox, report, time));
  };
}

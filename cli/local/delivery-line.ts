import type { DeliveryReport, EventReport, IssueReport } from '../../lambda/telemetry/delivery-report.ts';
import { printableLine } from '../printable.ts';

/** The line that `npm start` prints for a delivery: its outcome, and why it was rejected or is in quarantine. */
export function deliveryLine(report: DeliveryReport, at: Date): string {
  const { status, source, eventId, outcome, latencyMs } = report;
  const why = [...new Set(reasonsOf(report))].join('; ');
  const words = [at.toISOString(), status, source ?? '-', outcome, eventId, countsOf(report.events), why && `(${why})`];
  return printableLine(`${words.filter(Boolean).join(' ')} ${latencyMs.toFixed(1)} ms`);
}

/** How many events had each outcome, if the delivery held several. */
function countsOf(events: readonly EventReport[]): string {
  if (events.length < 2) return '';
  const byStatus = Map.groupBy(events, ({ status }) => status);
  return [...byStatus].map(([status, { length }]) => `${length} ${status}`).join(', ');
}

function reasonsOf({ code, reason, issues, events }: DeliveryReport): readonly string[] {
  const rejection = [...new Set([code, reason, pathsOf(issues)])].filter(Boolean).join(': ');
  return [rejection, ...events.map(reasonOf)].filter(Boolean);
}

function reasonOf({ reason, issues, conflict }: EventReport): string {
  const paths = conflict ? conflict.differingFields?.map((field) => `${field} differs`).join(', ') : pathsOf(issues);
  return [reason, paths].filter(Boolean).join(': ');
}

const pathsOf = (issues: readonly IssueReport[] = []) => issues.map(({ path }) => path).join(', ');

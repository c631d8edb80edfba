import type { EventReport } from '../telemetry/delivery-report.ts';
import type { EventOutcome } from './event-outcome.ts';

/** What is reported of an event's outcome. */
export function toEventReport(outcome: EventOutcome): EventReport {
  if ('unavailable' in outcome) return { status: 'unavailable', eventId: outcome.eventId, reason: outcome.reason };
  const { invalid, unstored, ...rest } = outcome;
  return { ...rest, reason: invalid?.reason ?? unstored?.reason, issues: invalid?.issues };
}

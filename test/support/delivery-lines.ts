import { cloudwatchReport } from '../../lambda/telemetry/cloudwatch-report.ts';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';

/** A delivery of one event that was stored. */
export const PROCESSED: DeliveryReport = {
  outcome: 'processed',
  requestId: 'request-1',
  status: 200,
  source: 'partner',
  provider: 'generic',
  eventId: 'order-1',
  eventType: 'order.created',
  occurredAt: Date.parse('2026-03-01T11:00:00Z'),
  bodyBytes: 99,
  code: undefined,
  reason: undefined,
  issues: undefined,
  events: [{ status: 'processed', eventId: 'order-1', eventType: 'order.created' }],
  usedPreviousSecret: false,
  latencyMs: 12.3,
  storeMs: 7,
  cause: undefined,
};

/** A delivery that was rejected because of its signature. */
export const REJECTED: DeliveryReport = {
  ...PROCESSED,
  outcome: 'rejected',
  requestId: 'request-2',
  status: 401,
  eventId: undefined,
  eventType: undefined,
  occurredAt: undefined,
  code: 'invalid_signature',
  reason: 'mismatch',
  events: [],
  storeMs: undefined,
};

/** A delivery of an event whose id is stored with another payload. */
export const CONFLICT: DeliveryReport = {
  ...PROCESSED,
  outcome: 'conflict',
  requestId: 'request-3',
  status: 409,
  code: 'event_id_conflict',
  events: [{ status: 'conflict', eventId: 'order-1', eventType: 'order.created' }],
};

/** The line of a delivery in the receiver's log. @param time epoch milliseconds */
export function deliveryLineAt(time: number, report: DeliveryReport): string {
  let lines = '';
  cloudwatchReport(
    'Hooks/Inbox',
    (text) => {
      lines = text;
    },
    () => time,
  )(report);
  return lines.slice(0, lines.indexOf('\n'));
}

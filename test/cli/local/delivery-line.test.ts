import { expect, it } from '@jest/globals';
import { deliveryLine } from '../../../cli/local/delivery-line.ts';
import type { DeliveryReport } from '../../../lambda/telemetry/delivery-report.ts';

const AT = new Date('2026-03-01T12:00:00.250Z');

const lineOf = (report: Partial<DeliveryReport>) =>
  deliveryLine(
    {
      outcome: 'processed',
      requestId: 'request',
      status: 200,
      source: 'github',
      provider: 'github',
      code: undefined,
      reason: undefined,
      issues: undefined,
      events: [],
      usedPreviousSecret: false,
      latencyMs: 12.34,
      storeMs: 10,
      cause: undefined,
      ...report,
    },
    AT,
  ).replace(AT.toISOString(), '…');

const issues = [
  { path: 'entry.0.id', expected: 'string' },
  { path: 'type', expected: 'string' },
];

it.each<[string, Partial<DeliveryReport>, string]>([
  [
    'a new event by its id',
    { eventId: 'evt_1', events: [{ status: 'processed', eventId: 'evt_1' }] },
    '… 200 github processed evt_1 12.3 ms',
  ],
  [
    'a body in quarantine, and why',
    { outcome: 'quarantined', events: [{ status: 'quarantined', reason: 'not_form', issues: [] }] },
    '… 200 github quarantined (not_form) 12.3 ms',
  ],
  [
    'an event in quarantine, and the paths of what is wrong',
    { outcome: 'quarantined', events: [{ status: 'quarantined', reason: 'invalid_event', issues }] },
    '… 200 github quarantined (invalid_event: entry.0.id, type) 12.3 ms',
  ],
  [
    'a conflict, and the fields that differ',
    {
      ...{ outcome: 'conflict', eventId: 'evt_1' },
      events: [
        {
          ...{ status: 'conflict', eventId: 'evt_1', reason: 'conflict' },
          conflict: { storedSha256: 'a', receivedSha256: 'b', differingFields: ['action', 'sender'] },
        },
      ],
    },
    '… 200 github conflict evt_1 (conflict: action differs, sender differs) 12.3 ms',
  ],
  [
    'several events by their outcomes, and each reason once',
    {
      outcome: 'quarantined',
      events: [
        { status: 'processed', eventId: '1' },
        { status: 'quarantined', reason: 'invalid_event', issues },
        { status: 'processed', eventId: '2' },
        { status: 'quarantined', reason: 'invalid_event', issues },
        { status: 'quarantined', reason: 'no_event_id' },
      ],
    },
    '… 200 github quarantined 2 processed, 3 quarantined (invalid_event: entry.0.id, type; no_event_id) 12.3 ms',
  ],
  [
    'a rejected event, and the paths of what is wrong',
    { outcome: 'rejected', status: 422, code: 'invalid_event', reason: 'invalid_event', issues },
    '… 422 github rejected (invalid_event: entry.0.id, type) 12.3 ms',
  ],
  [
    'a refused signature, and the exact reason',
    { outcome: 'rejected', status: 401, code: 'invalid_signature', reason: 'mismatch' },
    '… 401 github rejected (invalid_signature: mismatch) 12.3 ms',
  ],
  ['a request for no source', { outcome: 'rejected', status: 404, source: undefined }, '… 404 - rejected 12.3 ms'],
  [
    'no control character of an event id',
    { eventId: '\u001b[2Jevt\n', events: [{ status: 'processed' }] },
    '… 200 github processed \\u001b[2Jevt 12.3 ms',
  ],
])('the line of a delivery shows %s', (_, report, line) => {
  expect(lineOf(report)).toBe(line);
});

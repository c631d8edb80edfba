import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Request } from '@middy/core';
import type { WebhookEvent } from '../../../../lambda/events/webhook-event.ts';
import type { InvalidEvent } from '../../../../lambda/quarantine/quarantine-item.ts';
import { type Ended, openDelivery } from '../../../../lambda/receiver/delivery.ts';
import { reportDelivery } from '../../../../lambda/receiver/middleware/report-delivery.ts';
import { Problem } from '../../../../lambda/receiver/problem.ts';
import type { EventOutcome } from '../../../../lambda/storage/event-outcome.ts';
import type { DeliveryReport } from '../../../../lambda/telemetry/delivery-report.ts';
import { halfway } from '../../../support/middleware.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** The report of a delivery that was answered with this status. */
function reportOf(delivery: Ended, statusCode?: number, error?: Error): DeliveryReport {
  const reports: DeliveryReport[] = [];
  const response = statusCode === undefined ? undefined : { statusCode };
  reportDelivery((report) => reports.push(report))({ event: delivery, response, error } as unknown as Request);
  const [report, ...others] = reports;
  if (!report || others.length > 0) throw new Error('There is not one report.');
  return report;
}

const valid = (id: string) => ({ valid: { id, type: 'invoice.paid' } as WebhookEvent });
const invalid = (eventId?: string) => ({ invalid: { eventId } as InvalidEvent });

const outcome = (status: 'processed' | 'duplicate' | 'conflict' | 'quarantined') => ({ status });
const processed = outcome('processed');
const duplicate = outcome('duplicate');
const conflict = outcome('conflict');
const quarantined = outcome('quarantined');
const unavailable = { unavailable: 'throttled', reason: 'table_unavailable' } as const;

describe('The outcome of a delivery', () => {
  it.each<[DeliveryReport['outcome'], number, readonly EventOutcome[] | undefined]>([
    ['processed', 200, [processed]],
    ['processed', 204, [duplicate, processed]],
    ['processed', 200, []],
    ['duplicate', 200, [duplicate]],
    ['duplicate', 200, [duplicate, duplicate]],
    ['quarantined', 200, [quarantined]],
    ['quarantined', 200, [duplicate, quarantined, processed]],
    ['conflict', 200, [quarantined, conflict, processed]],
    ['conflict', 409, [conflict]],
    ['rejected', 400, undefined],
    ['rejected', 404, undefined],
    ['rejected', 422, undefined],
    ['failed', 500, undefined],
    ['unavailable', 503, undefined],
    ['unavailable', 503, [processed, unavailable]],
  ])('is %s: %d, %j', (expected, status, outcomes) => {
    expect(reportOf(halfway(outcomes && { outcomes }), status)).toMatchObject({ outcome: expected, status });
  });

  it.each([200, 202])('is handshake if it was the handshake of its provider: %d', (status) => {
    expect(reportOf(halfway({ answered: { statusCode: status, body: '' } }), status)).toMatchObject({
      outcome: 'handshake',
      status,
    });
  });

  it('is failed if there was no response', () => {
    expect(reportOf(halfway())).toMatchObject({ outcome: 'failed', status: 500, cause: undefined });
  });
});

describe('The report of a delivery', () => {
  it("has the event's type and time, and the size of the body", () => {
    const event = { id: 'a', type: 'invoice.paid', occurredAt: 1_000 } as WebhookEvent;
    const delivery = halfway({ body: Buffer.from('{}'), judgements: [{ valid: event }], isBatch: false });
    expect(reportOf(delivery, 200)).toMatchObject({ eventType: 'invoice.paid', occurredAt: 1_000, bodyBytes: 2 });
  });

  it('has the type and the time of each event of several, next to its outcome', () => {
    const event = { id: 'a', type: 'open', occurredAt: 1_000 } as WebhookEvent;
    const judgements = [{ valid: event }, invalid('b')];
    const outcomes: EventOutcome[] = [
      { status: 'processed', eventId: 'a' },
      { status: 'quarantined', eventId: 'b' },
    ];
    const { eventId, events } = reportOf(halfway({ judgements, outcomes, isBatch: true }), 200);
    expect(eventId).toBeUndefined();
    expect(events).toMatchObject([
      { status: 'processed', eventId: 'a', eventType: 'open', occurredAt: 1_000 },
      { status: 'quarantined', eventId: 'b' },
    ]);
  });

  it('has the outcome of each event', () => {
    const issues = [{ path: 'id', expected: 'string' }];
    const details = { storedSha256: 'a', receivedSha256: 'b', differingFields: ['amount'] };
    const outcomes: EventOutcome[] = [
      { status: 'processed', eventId: 'a' },
      { status: 'duplicate', eventId: 'b', differs: true },
      { status: 'conflict', eventId: 'c', conflict: details, invalid: { reason: 'conflict', issues: [] } },
      { status: 'quarantined', invalid: { reason: 'invalid_event', issues } },
      { unavailable: 'throttled', reason: 'table_unavailable', eventId: 'e' },
    ];
    expect(reportOf(halfway({ outcomes }), 503).events).toEqual([
      { status: 'processed', eventId: 'a' },
      { status: 'duplicate', eventId: 'b', differs: true },
      { status: 'conflict', eventId: 'c', conflict: details, reason: 'conflict', issues: [] },
      { status: 'quarantined', reason: 'invalid_event', issues },
      { status: 'unavailable', eventId: 'e', reason: 'table_unavailable' },
    ]);
    expect(reportOf(halfway(), 401).events).toEqual([]);
  });

  it.each([
    ['a valid one', [valid('a')], { eventId: 'a', eventType: 'invoice.paid' }],
    ['an invalid one with an event id', [invalid('a')], { eventId: 'a' }],
    ['an invalid one without an event id', [invalid()], {}],
    ['none', [], {}],
    ['several', [valid('a'), valid('b')], {}],
  ])('has the event id and type if there is one event: %s', (_, judgements, expected) => {
    const { eventId, eventType } = reportOf(halfway({ judgements }), 200);
    expect({ eventId, eventType }).toEqual(expected);
  });

  it('has the ids of the request and the source, and whether the previous secret was used', () => {
    const delivery = halfway({ requestId: 'request', usedPreviousSecret: true, storeMs: 7 });
    expect(reportOf(delivery, 200)).toMatchObject({
      requestId: 'request',
      source: 'partner',
      provider: 'generic',
      usedPreviousSecret: true,
      storeMs: 7,
      code: undefined,
      reason: undefined,
    });
  });

  it('has no source, event or secret if none was found', () => {
    const error = new Problem('not_found');
    expect(reportOf(openDelivery({}, 0), 404, error)).toEqual({
      outcome: 'rejected',
      requestId: '',
      status: 404,
      code: 'not_found',
      events: [],
      usedPreviousSecret: false,
      latencyMs: expect.any(Number),
    });
  });

  it('has the reason and the issues of a problem', () => {
    const issues = [{ path: 'action', expected: 'string' }];
    const error = new Problem('invalid_event', { reason: 'invalid_event', issues });
    expect(reportOf(halfway(), 422, error)).toMatchObject({ code: 'invalid_event', reason: 'invalid_event', issues });
  });

  it('has the duration of the delivery', () => {
    jest.spyOn(performance, 'now').mockReturnValue(1_250);
    expect(reportOf(halfway({ startedAt: 1_000 }), 200).latencyMs).toBe(250);
  });

  it.each([
    [400, undefined],
    [499, undefined],
    [500, 'TypeError'],
    [503, 'TypeError'],
  ])('that was answered %d has the cause %j', (status, name) => {
    const error = new Problem('internal_error', { reason: 'why', cause: new TypeError('marker') });
    const { cause, ...report } = reportOf(halfway(), status, error);
    expect(cause?.name).toBe(name);
    expect(report).toMatchObject({ code: 'internal_error', reason: 'why' });
  });

  it('has the cause of an unexpected error', () => {
    const report = reportOf(halfway(), 500, new RangeError('marker'));
    expect(report).toMatchObject({ outcome: 'failed', code: 'internal_error', cause: { name: 'RangeError' } });
  });
});

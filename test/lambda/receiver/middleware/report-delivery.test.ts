import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { Request } from '@middy/core';
import type { Stored } from '../../../../lambda/events/event-store.ts';
import type { WebhookEvent } from '../../../../lambda/events/webhook-event.ts';
import type { Ended } from '../../../../lambda/receiver/delivery.ts';
import { openDelivery } from '../../../../lambda/receiver/delivery.ts';
import { reportDelivery } from '../../../../lambda/receiver/middleware/report-delivery.ts';
import { Problem } from '../../../../lambda/receiver/problem.ts';
import type { DeliveryReport } from '../../../../lambda/telemetry/delivery-report.ts';
import { halfway } from '../../../support/middleware.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

/** The report of a delivery with this response. */
function reportOf(delivery: Ended, statusCode?: number, error?: Error): DeliveryReport {
  const reports: DeliveryReport[] = [];
  const response = statusCode === undefined ? undefined : { statusCode };
  reportDelivery((report) => reports.push(report))({ event: delivery, response, error } as unknown as Request);
  const [report, ...others] = reports;
  if (!report || others.length > 0) throw new Error('There is not one report.');
  return report;
}

const event = (id: string) => ({ id, type: 'invoice.paid' }) as WebhookEvent;

describe('The reported outcome of a delivery', () => {
  it.each<[DeliveryReport['outcome'], number, readonly Stored[] | undefined]>([
    ['processed', 200, ['processed']],
    ['processed', 200, ['duplicate', 'processed', 'conflict']],
    ['duplicate', 200, ['duplicate']],
    ['duplicate', 200, ['duplicate', 'duplicate']],
    ['conflict', 409, ['conflict']],
    ['rejected', 400, undefined],
    ['rejected', 404, undefined],
    ['rejected', 422, undefined],
    ['failed', 500, undefined],
    ['unavailable', 503, undefined],
    ['unavailable', 503, ['processed', 'duplicate']],
  ])('is %s for the status %d and the stored events %j', (outcome, status, stored) => {
    expect(reportOf(halfway(stored && { outcomes: stored }), status)).toMatchObject({ outcome, status });
  });

  it.each([200, 202])('is handshake if a handshake was answered: %d', (status) => {
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
  it('counts its events by outcome', () => {
    const stored: Stored[] = ['processed', 'duplicate', 'conflict', 'processed', 'duplicate', 'processed'];
    expect(reportOf(halfway({ outcomes: stored }), 200).stored).toEqual({ processed: 3, duplicate: 2, conflict: 1 });
    expect(reportOf(halfway(), 401).stored).toEqual({ processed: 0, duplicate: 0, conflict: 0 });
  });

  it.each([
    ['one event', [event('a')], { eventId: 'a', eventType: 'invoice.paid' }],
    ['no event', [], { eventId: undefined, eventType: undefined }],
    ['several events', [event('a'), event('b')], { eventId: undefined, eventType: undefined }],
  ])('has the id and type of the event if there is exactly one: %s', (_, events, expected) => {
    expect(reportOf(halfway({ events }), 200)).toMatchObject(expected);
  });

  it('has the request, the source, and whether the previous secret was used', () => {
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

  it('has no source and no event if the source is unknown', () => {
    const error = new Problem('not_found');
    expect(reportOf(openDelivery({}, 0), 404, error)).toEqual({
      outcome: 'rejected',
      requestId: '',
      status: 404,
      code: 'not_found',
      stored: { processed: 0, duplicate: 0, conflict: 0 },
      usedPreviousSecret: false,
      latencyMs: expect.any(Number),
    });
  });

  it('has the latency of the delivery', () => {
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

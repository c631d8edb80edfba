import { describe, expect, it } from '@jest/globals';
import { deliveryOfLine } from '../../../cli/deliveries/delivery-of-line.ts';
import { CONFLICT, deliveryLineAt, PROCESSED, REJECTED } from '../../support/delivery-lines.ts';

const NOW = Date.parse('2026-03-01T12:00:00.250Z');

describe('A line of the log', () => {
  it('has all that a list of deliveries shows', () => {
    expect(deliveryOfLine(deliveryLineAt(NOW, PROCESSED))).toEqual({
      time: NOW,
      requestId: 'request-1',
      source: 'partner',
      provider: 'generic',
      status: 200,
      outcome: 'processed',
      events: [{ id: 'order-1', type: 'order.created', occurredAt: PROCESSED.occurredAt, outcome: 'processed' }],
      more: 0,
      bytes: 99,
      durationMs: 12.3,
      usedPreviousSecret: false,
    });
  });

  it('has the reason of a rejection, its paths and no event', () => {
    const issues = [{ path: 'user_id', expected: 'string' }];
    expect(deliveryOfLine(deliveryLineAt(NOW, { ...REJECTED, issues }))).toMatchObject({
      code: 'invalid_signature',
      reason: 'mismatch',
      issues,
      events: [],
      more: 0,
    });
  });

  it('has the outcome of an event that is no more than its delivery', () => {
    expect(deliveryOfLine(deliveryLineAt(NOW, CONFLICT))?.events).toMatchObject([
      { id: 'order-1', outcome: 'conflict' },
    ]);
  });

  it('has an event without an id, of which nothing but its outcome is known', () => {
    const events = [{ status: 'quarantined', reason: 'no_event_id' }] as const;
    const report = { ...PROCESSED, outcome: 'quarantined', eventId: undefined, eventType: undefined, events } as const;
    expect(deliveryOfLine(deliveryLineAt(NOW, report))).toMatchObject({
      reason: 'no_event_id',
      events: [{ outcome: 'quarantined' }],
    });
  });

  it('has the events of a body of several, and how many it leaves out', () => {
    const events = Array.from({ length: 120 }, (_, index) => ({ status: 'processed', eventId: `${index}` }) as const);
    const delivery = deliveryOfLine(deliveryLineAt(NOW, { ...PROCESSED, eventId: undefined, events }));
    expect(delivery?.events.map(({ id }) => id)).toEqual(events.slice(0, 100).map(({ eventId }) => eventId));
    expect(delivery?.more).toBe(20);
  });

  it('has the reason why an event of several is in quarantine', () => {
    const issues = [{ path: 'id', expected: 'string' }];
    const events = [
      { status: 'processed', eventId: 'a' },
      { status: 'quarantined', reason: 'invalid_event', issues },
    ] as const;
    const delivery = deliveryOfLine(deliveryLineAt(NOW, { ...PROCESSED, eventId: undefined, events }));
    expect(delivery).toMatchObject({ reason: 'invalid_event', issues });
  });

  it('of a version that did not list the events of a body has those that were not processed', () => {
    const line = JSON.parse(deliveryLineAt(NOW, { ...PROCESSED, eventId: undefined, events: [] }));
    const older = {
      ...line,
      events: { processed: 4, conflict: 1 },
      not_processed: [{ event_id: 'b', status: 'conflict' }],
    };
    expect(deliveryOfLine(JSON.stringify(older))).toMatchObject({
      events: [{ id: 'b', outcome: 'conflict' }],
      more: 4,
    });
  });

  it.each(['', 'START RequestId: 1', '{"message":"forward"}', '{"_aws":{}}', '{"message":"delivery"}'])(
    'that is not about a delivery is left out: %s',
    (line) => {
      expect(deliveryOfLine(line)).toBeUndefined();
    },
  );
});

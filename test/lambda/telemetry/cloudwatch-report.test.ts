import { describe, expect, it } from '@jest/globals';
import { cloudwatchReport } from '../../../lambda/telemetry/cloudwatch-report.ts';
import type { DeliveryReport } from '../../../lambda/telemetry/delivery-report.ts';

const processed: DeliveryReport = {
  outcome: 'processed',
  requestId: 'req_1',
  status: 200,
  source: 'partner',
  provider: 'generic',
  eventId: 'evt_1',
  eventType: 'invoice.paid',
  code: undefined,
  reason: undefined,
  stored: { processed: 1, duplicate: 0, conflict: 0 },
  usedPreviousSecret: false,
  latencyMs: 12.3456,
  storeMs: 7.891,
  cause: undefined,
};

const rejected: DeliveryReport = {
  ...processed,
  outcome: 'rejected',
  status: 401,
  eventId: undefined,
  eventType: undefined,
  code: 'invalid_signature',
  stored: { processed: 0, duplicate: 0, conflict: 0 },
  reason: 'mismatch',
  storeMs: undefined,
};

const NOW = Date.UTC(2026, 10, 23, 8, 30, 0, 7);

/** The log lines and the metrics documents that reports write. */
function written(...reports: DeliveryReport[]) {
  const texts: string[] = [];
  const report = cloudwatchReport(
    (text) => texts.push(text),
    () => NOW,
  );
  for (const each of reports) report(each);
  const whole = texts.join('').split('\n');
  expect(whole.pop()).toBe('');
  const documents: Record<string, unknown>[] = whole.map((line) => JSON.parse(line));
  return {
    lines: documents.filter((each) => 'message' in each),
    metrics: documents.filter((each) => '_aws' in each),
  };
}

/** A document in the embedded metric format: the metrics with their dimensions, and their values. */
function emf(document: Record<string, unknown> | undefined) {
  const { _aws: aws, ...values } = document ?? {};
  return { metrics: (aws as { CloudWatchMetrics: unknown[] }).CloudWatchMetrics, values };
}

describe('The log', () => {
  it('has one line per delivery, with its outcome, source, event and latency', () => {
    const { lines } = written(processed);
    expect(lines).toEqual([
      {
        level: 'INFO',
        message: 'delivery',
        service: 'webhook-inbox',
        timestamp: '2026-11-23T08:30:00.007Z',
        outcome: 'processed',
        status: 200,
        source: 'partner',
        provider: 'generic',
        event_id: 'evt_1',
        event_type: 'invoice.paid',
        latency_ms: 12.35,
        store_ms: 7.89,
        request_id: 'req_1',
      },
    ]);
  });

  it('has the reason of a rejection', () => {
    expect(written(rejected).lines).toMatchObject([
      { level: 'WARN', outcome: 'rejected', source: 'partner', code: 'invalid_signature', reason: 'mismatch' },
    ]);
  });

  it('has the number of events by outcome, instead of an id, for a body of several', () => {
    const stored = { processed: 3, duplicate: 2, conflict: 0 };
    const [line] = written({ ...processed, eventId: undefined, eventType: undefined, stored }).lines;
    expect(line).toMatchObject({ events: stored });
    expect(line).not.toHaveProperty('event_id');
  });

  it('has no latency of the table if nothing was written', () => {
    expect(written(rejected).lines[0]).not.toHaveProperty('store_ms');
  });

  it('marks a delivery that was signed with the previous secret', () => {
    expect(written({ ...processed, usedPreviousSecret: true }).lines).toMatchObject([{ used_previous_secret: true }]);
  });

  it('has the cause of a 503 and a 500, as an error', () => {
    const cause = { name: 'AccessDeniedException', message: 'not allowed' };
    const unavailable = {
      ...processed,
      outcome: 'unavailable',
      status: 503,
      reason: 'table_unavailable',
      cause,
    } as const;
    const failed = { ...processed, outcome: 'failed', status: 500, cause: { name: 'TypeError' } } as const;
    expect(written(unavailable, failed).lines).toMatchObject([
      { level: 'ERROR', source: 'partner', reason: 'table_unavailable', cause },
      { level: 'ERROR', source: 'partner', cause: { name: 'TypeError' } },
    ]);
  });

  it.each([
    ['processed', 'INFO'],
    ['duplicate', 'INFO'],
    ['conflict', 'WARN'],
    ['rejected', 'WARN'],
    ['unavailable', 'ERROR'],
    ['failed', 'ERROR'],
  ] as const)('has a delivery that is %s at the level %s', (outcome, level) => {
    expect(written({ ...processed, outcome }).lines).toMatchObject([{ level }]);
  });
});

describe('The metrics', () => {
  it('have the time of the delivery in milliseconds, as CloudWatch requires', () => {
    expect(written(processed).metrics).toMatchObject([{ _aws: { Timestamp: NOW } }]);
  });

  it('have no document if there is nothing to count', () => {
    const nothing = { ...processed, stored: { processed: 0, duplicate: 0, conflict: 0 }, storeMs: undefined };
    expect(written(nothing).metrics).toEqual([]);
  });

  it.each([
    ['processed', 'Processed', { processed: 1 }],
    ['duplicate', 'Duplicate', { duplicate: 1 }],
    ['conflict', 'Conflict', { conflict: 1 }],
    ['handshake', 'Handshake', {}],
    ['unavailable', 'Unavailable', {}],
    ['failed', 'Failed', {}],
  ] as const)('count a delivery that is %s by source', (outcome, name, counts) => {
    const stored = { ...rejected.stored, ...counts };
    const { metrics } = written({ ...processed, outcome, stored, storeMs: undefined, code: 'a_code' });
    expect(metrics.map(emf)).toEqual([
      {
        metrics: [
          {
            Namespace: 'WebhookInbox',
            Dimensions: [['service', 'source']],
            Metrics: [{ Name: name, Unit: 'Count' }],
          },
        ],
        values: { service: 'webhook-inbox', source: 'partner', [name]: 1 },
      },
    ]);
  });

  it('count each event of a body of several', () => {
    const { metrics } = written({ ...processed, stored: { processed: 3, duplicate: 2, conflict: 0 } });
    expect(metrics.map(emf)).toMatchObject([{ values: { Processed: 3, Duplicate: 2 } }]);
    expect(metrics.map(emf)[0]?.values).not.toHaveProperty('Conflict');
  });

  it('count rejections by source and reason', () => {
    const { metrics } = written(rejected);
    expect(metrics.map(emf)).toMatchObject([
      {
        metrics: [{ Dimensions: [['service', 'source', 'reason']], Metrics: [{ Name: 'Rejected', Unit: 'Count' }] }],
        values: { source: 'partner', reason: 'invalid_signature', Rejected: 1 },
      },
    ]);
  });

  it('count deliveries on unknown paths together', () => {
    const { metrics } = written({ ...rejected, source: undefined, code: 'not_found', reason: undefined });
    expect(metrics.map(emf)).toMatchObject([{ values: { source: 'none', reason: 'not_found', Rejected: 1 } }]);
  });

  it('have the latency of the table', () => {
    const { metrics } = written(processed);
    expect(metrics.map(emf)).toMatchObject([
      {
        metrics: [
          {
            Metrics: [
              { Name: 'Processed', Unit: 'Count' },
              { Name: 'StoreLatency', Unit: 'Milliseconds' },
            ],
          },
        ],
        values: { StoreLatency: 7.891 },
      },
    ]);
  });

  it('count the use of the previous secret', () => {
    const { metrics } = written({ ...processed, usedPreviousSecret: true });
    expect(metrics.map(emf)).toMatchObject([
      {
        metrics: [{ Metrics: expect.arrayContaining([{ Name: 'PreviousSecretUsed', Unit: 'Count' }]) }],
        values: { source: 'partner', PreviousSecretUsed: 1 },
      },
    ]);
  });

  it('of one delivery have no values of the one before', () => {
    const { metrics } = written(rejected, { ...processed, source: 'other' });
    expect(emf(metrics[1]).values).toEqual({
      service: 'webhook-inbox',
      source: 'other',
      Processed: 1,
      StoreLatency: 7.891,
    });
  });
});

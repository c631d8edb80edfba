import { describe, expect, it } from '@jest/globals';
import { cloudwatchReport } from '../../../lambda/telemetry/cloudwatch-report.ts';
import type { DeliveryReport, EventStatus } from '../../../lambda/telemetry/delivery-report.ts';

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
  issues: undefined,
  events: [{ status: 'processed', eventId: 'evt_1' }],
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
  events: [],
  reason: 'mismatch',
  storeMs: undefined,
};

/** The report of a body of several events. */
const several: DeliveryReport = { ...processed, eventId: undefined, eventType: undefined };

const times = (count: number, status: EventStatus) => Array.from({ length: count }, () => ({ status }));

const NOW = Date.UTC(2026, 10, 23, 8, 30, 0, 7);

/** The log lines and the metrics documents that reports write. */
function written(...reports: DeliveryReport[]) {
  const texts: string[] = [];
  const report = cloudwatchReport(
    'Hooks/Inbox',
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

  it("has the event's own time and the size of the body", () => {
    const { lines } = written({ ...processed, occurredAt: Date.UTC(2026, 10, 22), bodyBytes: 99 });
    expect(lines).toMatchObject([{ occurred_at: '2026-11-22T00:00:00.000Z', body_bytes: 99 }]);
  });

  it('lists the events of a body of several with their ids, types, times and outcomes', () => {
    const events = [
      { status: 'processed', eventId: 'a', eventType: 'open', occurredAt: 0 },
      { status: 'conflict', eventId: 'b' },
    ] as const;
    expect(written({ ...several, events }).lines).toMatchObject([
      {
        batch: [
          { event_id: 'a', event_type: 'open', occurred_at: '1970-01-01T00:00:00.000Z', status: 'processed' },
          { event_id: 'b', status: 'conflict' },
        ],
        events: { processed: 1, conflict: 1 },
      },
    ]);
  });

  it('lists at most 100 events of a body, and no more than 16 KiB of them', () => {
    const events = (id: string) => Array.from({ length: 150 }, () => ({ status: 'processed', eventId: id }) as const);
    const batches = [
      written({ ...several, events: events('a') }),
      written({ ...several, events: events('a'.repeat(1_000)) }),
    ];
    expect(batches.map(({ lines: [line] }) => Object.keys(line?.batch ?? {}).length)).toEqual([100, 15]);
    expect(batches[1]?.lines).toMatchObject([{ events: { processed: 150 } }]);
  });

  it('has the reason of a rejection', () => {
    expect(written(rejected).lines).toMatchObject([
      { level: 'WARN', outcome: 'rejected', source: 'partner', code: 'invalid_signature', reason: 'mismatch' },
    ]);
  });

  it('counts the events of a body of several, in place of an id', () => {
    const events = [...times(3, 'processed'), ...times(2, 'duplicate')];
    const [line] = written({ ...several, events }).lines;
    expect(line).toMatchObject({ events: { processed: 3, duplicate: 2 } });
    expect(line).not.toHaveProperty('event_id');
    expect(line).not.toHaveProperty('not_processed');
  });

  const issues = [{ path: 'id', expected: 'string' }];
  const hashes = { storedSha256: 'aa', receivedSha256: 'bb' };

  it('has the reason, the paths and the event id of a quarantined event', () => {
    const events = [{ status: 'quarantined', eventId: 'evt_1', reason: 'outside_retention', issues }] as const;
    const [line] = written({ ...processed, outcome: 'quarantined', events }).lines;
    expect(line).toMatchObject({ level: 'WARN', event_id: 'evt_1', reason: 'outside_retention', issues });
  });

  it('has the reason and the paths of a rejected event', () => {
    const report = {
      ...rejected,
      status: 422,
      code: 'invalid_event',
      reason: 'invalid_event',
      eventId: 'evt_1',
      issues,
    };
    expect(written(report).lines).toMatchObject([
      { level: 'WARN', event_id: 'evt_1', code: 'invalid_event', reason: 'invalid_event', issues },
    ]);
  });

  it('has both hashes of a conflict, and the top-level fields that differ', () => {
    const conflict = { ...hashes, differingFields: ['amount', 'currency'] };
    const events = [{ status: 'conflict', eventId: 'evt_1', reason: 'conflict', issues: [], conflict }] as const;
    const [line] = written({ ...processed, outcome: 'conflict', events }).lines;
    expect(line).toMatchObject({
      level: 'WARN',
      event_id: 'evt_1',
      reason: 'conflict',
      conflict: { stored_sha256: 'aa', received_sha256: 'bb', differing_fields: ['amount', 'currency'] },
    });
    expect(line).not.toHaveProperty('issues');
  });

  it('lists the events of a body of several that are neither new nor duplicates', () => {
    const conflict = { ...hashes, differingFields: undefined };
    const events = [
      { status: 'processed', eventId: 'a' },
      { status: 'conflict', eventId: 'b', reason: 'conflict', conflict },
      { status: 'duplicate', eventId: 'c' },
      { status: 'quarantined', reason: 'no_event_id', issues },
      { status: 'unavailable', eventId: 'e', reason: 'out_of_time' },
    ] as const;
    const [line] = written({ ...several, outcome: 'unavailable', events }).lines;
    expect(line).toMatchObject({
      events: { processed: 1, conflict: 1, duplicate: 1, quarantined: 1, unavailable: 1 },
    });
    expect(line?.not_processed).toEqual([
      { event_id: 'b', status: 'conflict', reason: 'conflict', stored_sha256: 'aa', received_sha256: 'bb' },
      { status: 'quarantined', reason: 'no_event_id', issues },
      { event_id: 'e', status: 'unavailable', reason: 'out_of_time' },
    ]);
  });

  it('lists at most 20 events of a body, and at most 20 issues of an event', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ path: `[${index}]`, expected: 'string' }));
    const one = { status: 'quarantined', reason: 'invalid_event', issues: many } as const;
    const [line] = written({ ...several, outcome: 'quarantined', events: Array.from({ length: 30 }, () => one) }).lines;
    expect(line).toMatchObject({ events: { quarantined: 30 } });
    const listed = line?.not_processed as { issues: unknown[] }[];
    expect(listed).toHaveLength(20);
    expect(listed[0]?.issues).toHaveLength(20);
    expect(written({ ...rejected, issues: many }).lines[0]?.issues).toHaveLength(20);
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
    ['quarantined', 'WARN'],
    ['handshake', 'INFO'],
    ['rejected', 'WARN'],
    ['unavailable', 'ERROR'],
    ['failed', 'ERROR'],
  ] as const)('has a delivery that is %s at the level %s', (outcome, level) => {
    expect(written({ ...processed, outcome }).lines).toMatchObject([{ level }]);
  });
});

/** By source and reason, and by reason for all sources. */
const BY_REASON = [
  ['service', 'inbox', 'source', 'reason'],
  ['service', 'inbox', 'reason'],
];

describe('The metrics', () => {
  it('have the time of the delivery in milliseconds, as CloudWatch requires', () => {
    expect(written(processed).metrics).toMatchObject([{ _aws: { Timestamp: NOW } }]);
  });

  it('have a line only if something is counted', () => {
    expect(written({ ...processed, events: [], storeMs: undefined }).metrics).toEqual([]);
  });

  it.each([
    ['processed', 'Processed', ['processed']],
    ['duplicate', 'Duplicate', ['duplicate']],
    ['conflict', 'Conflict', ['conflict']],
    ['quarantined', 'Quarantined', ['quarantined']],
    ['handshake', 'Handshake', []],
    ['unavailable', 'Unavailable', ['unavailable']],
    ['failed', 'Failed', []],
  ] as const)('count %s by source, and for all sources together', (outcome, name, statuses) => {
    const events = statuses.map((status) => ({ status }));
    const { metrics } = written({ ...processed, outcome, events, storeMs: undefined, code: 'a_code' });
    expect(metrics.map(emf)).toEqual([
      {
        metrics: [
          {
            Namespace: 'WebhookInbox',
            Dimensions: [
              ['service', 'inbox', 'source'],
              ['service', 'inbox'],
            ],
            Metrics: [{ Name: name, Unit: 'Count' }],
          },
        ],
        values: { service: 'webhook-inbox', inbox: 'Hooks/Inbox', source: 'partner', [name]: 1 },
      },
    ]);
  });

  it('count each event of a body of several', () => {
    const events = [...times(3, 'processed'), ...times(2, 'duplicate')];
    const { metrics } = written({ ...several, events });
    expect(metrics.map(emf)).toMatchObject([{ values: { Processed: 3, Duplicate: 2 } }]);
    expect(metrics.map(emf)[0]?.values).not.toHaveProperty('Conflict');
  });

  it('count the stored events of a body of which others could not be stored', () => {
    const events = [...times(3, 'processed'), ...times(2, 'unavailable')];
    const { metrics } = written({ ...several, outcome: 'unavailable', status: 503, events });
    expect(metrics.map(emf)).toMatchObject([{ values: { Processed: 3, Unavailable: 1 } }]);
  });

  it('count duplicates whose payload differs from the stored one', () => {
    const events = [
      { status: 'duplicate', differs: true },
      { status: 'duplicate', differs: false },
      { status: 'duplicate', differs: true },
    ] as const;
    const { metrics } = written({ ...several, outcome: 'duplicate', events });
    expect(metrics.map(emf)).toMatchObject([{ values: { Duplicate: 3, DuplicateDiffers: 2 } }]);
    const same = written({ ...several, outcome: 'duplicate', events: events.slice(1, 2) }).metrics;
    expect(emf(same[0]).values).not.toHaveProperty('DuplicateDiffers');
  });

  it('count events in quarantine by source, and again by source and reason', () => {
    const events = [
      { status: 'quarantined', reason: 'no_event_id' },
      { status: 'quarantined', reason: 'invalid_event' },
      { status: 'quarantined', reason: 'no_event_id' },
      { status: 'conflict', reason: 'conflict' },
      { status: 'unavailable', reason: 'quarantine_unavailable' },
    ] as const;
    const [bySource, ...byReason] = written({ ...several, outcome: 'conflict', events }).metrics.map(emf);
    expect(bySource?.values).toMatchObject({ source: 'partner', Quarantined: 3, Conflict: 1 });
    expect(byReason.map(({ values }) => values)).toEqual([
      { service: 'webhook-inbox', inbox: 'Hooks/Inbox', source: 'partner', reason: 'no_event_id', Quarantined: 2 },
      { service: 'webhook-inbox', inbox: 'Hooks/Inbox', source: 'partner', reason: 'invalid_event', Quarantined: 1 },
      { service: 'webhook-inbox', inbox: 'Hooks/Inbox', source: 'partner', reason: 'conflict', Quarantined: 1 },
    ]);
    for (const { metrics } of byReason) {
      expect(metrics).toMatchObject([{ Dimensions: BY_REASON }]);
    }
  });

  it('count a conflict that was rejected as a conflict, and not as quarantined', () => {
    const report = { ...processed, outcome: 'conflict', status: 409, events: times(1, 'conflict') } as const;
    const { metrics } = written({ ...report, code: 'event_id_conflict' });
    expect(metrics.map(emf)).toMatchObject([{ values: { source: 'partner', Conflict: 1 } }]);
    expect(JSON.stringify(metrics)).not.toContain('Quarantined');
  });

  it('count what is rejected by source and reason', () => {
    const { metrics } = written(rejected);
    expect(metrics.map(emf)).toMatchObject([
      {
        metrics: [{ Dimensions: BY_REASON, Metrics: [{ Name: 'Rejected', Unit: 'Count' }] }],
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
      inbox: 'Hooks/Inbox',
      source: 'other',
      Processed: 1,
      StoreLatency: 7.891,
    });
  });
});

import { describe, expect, it } from '@jest/globals';
import { type OverflowReport, overflowReport } from '../../../lambda/telemetry/overflow-report.ts';

const stored: OverflowReport = {
  messageId: 'message-1',
  receiveCount: 2,
  source: 'partner',
  events: [
    { status: 'processed', eventId: 'a' },
    { status: 'processed', eventId: 'b' },
    { status: 'quarantined', reason: 'not_json' },
  ],
  cause: undefined,
};

function written(report: OverflowReport) {
  const lines: string[] = [];
  overflowReport(
    'Hooks/Inbox',
    (line) => lines.push(line),
    () => 1_000,
  )(report);
  return lines
    .join('')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
}

describe('The report of a message of the overflow queue', () => {
  it('is one line with the outcomes and ids of its events', () => {
    const [line] = written(stored);
    expect(line).toMatchObject({
      level: 'INFO',
      message: 'overflow',
      outcome: 'stored',
      message_id: 'message-1',
      receive_count: 2,
      source: 'partner',
      events: { processed: 2, quarantined: 1 },
      event_ids: ['a', 'b'],
      not_processed: [{ status: 'quarantined', reason: 'not_json' }],
    });
  });

  it('counts its events in the metrics of the source', () => {
    const [, metrics, quarantined] = written(stored);
    expect(metrics).toMatchObject({ inbox: 'Hooks/Inbox', source: 'partner', Processed: 2, Quarantined: 1 });
    expect(quarantined).toMatchObject({ inbox: 'Hooks/Inbox', source: 'partner', reason: 'not_json', Quarantined: 1 });
  });

  it('is an error with the cause if an event could not be stored', () => {
    const events = [{ status: 'unavailable', eventId: 'a', reason: 'table_unavailable' }] as const;
    const lines = written({ ...stored, events, cause: { name: 'TimeoutError' } });
    expect(lines).toMatchObject([{ level: 'ERROR', outcome: 'unavailable', cause: { name: 'TimeoutError' } }]);
  });

  it('has no metrics if the message cannot be read', () => {
    expect(written({ ...stored, source: undefined, events: [], cause: { name: 'Error' } })).toHaveLength(1);
  });
});

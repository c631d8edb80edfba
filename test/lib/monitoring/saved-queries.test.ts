import { describe, expect, it } from '@jest/globals';
import { CONFLICT, deliveryLineAt, PROCESSED, REJECTED } from '../../support/delivery-lines.ts';
import { inboxTemplate, resourceNamed, resourcesOf } from '../synthesis.ts';

const template = inboxTemplate({ sources: { partner: { provider: 'generic' } } });
const queries = resourcesOf(template, 'AWS::Logs::QueryDefinition').map(({ Properties }) => Properties);

const conflict = { storedSha256: 'a', receivedSha256: 'b', differingFields: [] };
const issues = [{ path: 'id', expected: 'string' }];
/** Lines that have every field between them. */
const lines = [
  PROCESSED,
  { ...CONFLICT, events: [{ status: 'conflict', eventId: 'a', conflict }] as const },
  { ...PROCESSED, eventId: undefined, events: [{ status: 'conflict' }, { status: 'processed' }] as const },
  { ...REJECTED, issues },
].map((report) => deliveryLineAt(0, report));

/** The names of the fields of a line, as Logs Insights discovers them. */
function fieldsOf(value: unknown, path: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [path.join('.')];
  return Object.entries(value).flatMap(([name, each]) => fieldsOf(each, [...path, name]));
}

describe('The saved queries', () => {
  it('are one per question, in the folder of the inbox, and about the log of the receiver alone', () => {
    expect(queries.map(({ Name }) => Name).toSorted()).toEqual([
      'Hooks/Inbox/Conflicts',
      'Hooks/Inbox/Deliveries',
      'Hooks/Inbox/Outcomes',
      'Hooks/Inbox/Rejections',
    ]);
    const log = { Ref: resourceNamed(template, 'AWS::Logs::LogGroup', 'Receiver').id };
    expect(queries.map(({ LogGroupNames }) => LogGroupNames)).toEqual(queries.map(() => [log]));
  });

  it('name only fields that lines of the log have', () => {
    const known = new Set(lines.flatMap((line) => fieldsOf(JSON.parse(line))));
    for (const { QueryString } of queries) {
      const [, list = ''] = /^fields ([^\n|]+)/.exec(String(QueryString)) ?? [];
      const named = list.split(', ').filter((name) => name !== '' && !name.startsWith('@'));
      expect(named.filter((name) => !known.has(name.trim()))).toEqual([]);
    }
  });

  it('are about deliveries, the newest first', () => {
    const textOf = (name: string) => String(queries.find(({ Name }) => Name === `Hooks/Inbox/${name}`)?.QueryString);
    expect(textOf('Conflicts').split('\n')).toEqual([
      expect.stringMatching(/^fields @timestamp, source, event_id, /),
      '| filter message = "delivery"',
      '| filter outcome = "conflict" or events.conflict > 0',
      '| sort @timestamp desc',
      '| limit 10000',
    ]);
    expect(textOf('Rejections')).toContain('filter outcome = "rejected"');
    expect(textOf('Outcomes')).toContain('stats count(*) as deliveries by source, outcome');
  });
});

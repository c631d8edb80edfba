import { describe, expect, it } from '@jest/globals';
import { deliveryLines, lineMaker } from '../../../cli/deliveries/delivery-lines.ts';
import { deliveryOfLine } from '../../../cli/deliveries/delivery-of-line.ts';
import { deliveryRows } from '../../../cli/deliveries/delivery-rows.ts';
import { CONFLICT, deliveryLineAt, PROCESSED, REJECTED } from '../../support/delivery-lines.ts';

const rows = [PROCESSED, CONFLICT, REJECTED].flatMap((report) => {
  const delivery = deliveryOfLine(deliveryLineAt(Date.parse('2026-03-01T12:00:00Z'), report));
  return delivery ? deliveryRows(delivery, () => true) : [];
});
const linesAt = (columns?: number) => deliveryLines(rows, { hasColours: false, columns });
const longest = (lines: readonly string[]) => Math.max(...lines.map(({ length }) => length));

describe('The table of deliveries', () => {
  it('has all columns in a file, and on a terminal that is wide enough', () => {
    expect(linesAt()[0]?.split(/ {2,}/)).toHaveLength(9);
    expect(linesAt(200)).toEqual(linesAt());
  });

  it.each([105, 95])('goes without sizes, and then without the status, on a terminal of %d columns', (columns) => {
    const lines = linesAt(columns);
    expect(lines[0]).toMatch(/^time .* event id +why$/);
    expect(longest(lines)).toBeLessThanOrEqual(columns);
  });

  it('has several lines per row, and nothing of it is cut, on a narrow terminal', () => {
    const lines = linesAt(50);
    expect(lines.join('\n')).toMatch(
      /partner {2}conflict {2}409\n {2}order\.created {2}order-1\n {2}event_id_conflict\n.*partner {2}rejected {2}401\n {2}invalid_signature: mismatch$/,
    );
    expect(longest(lines)).toBeLessThanOrEqual(50);
  });
});

describe('Rows that come one after the other', () => {
  it('have columns that stay in line', () => {
    const { headings, lines } = lineMaker({ hasColours: false });
    const [first = '', ...others] = [...headings, ...rows.flatMap((row) => lines([row]))];
    for (const line of others) expect(line.indexOf('partner')).toBe(first.indexOf('source'));
  });

  it('have several lines each, and no headings, on a narrow terminal', () => {
    const { headings, lines } = lineMaker({ hasColours: false, columns: 80 });
    expect(headings).toEqual([]);
    expect(lines(rows)).toHaveLength(7);
  });
});

import { expect, it } from '@jest/globals';
import { tableLines } from '../../cli/table.ts';
import { shortened, textWidth } from '../../cli/text-width.ts';

const rows = [
  ['time', { text: 'outcome', colour: 'dim' as const }, 'why'],
  ['12:00', { text: 'rejected', colour: 'red' as const }, ''],
];

it('A table has columns that fit, without white space at the end of a line', () => {
  expect(tableLines(rows, false)).toEqual(['time   outcome   why', '12:00  rejected']);
});

it('A table has colours only where they are shown, which do not change the columns', () => {
  expect(tableLines(rows, true)).toEqual([
    'time   \u001b[2moutcome\u001b[0m   why',
    '12:00  \u001b[31mrejected\u001b[0m',
  ]);
});

it('What a cell quotes cannot control the terminal, set a colour or begin a line', () => {
  expect(tableLines([['\u001b[31mred\nnext', 'b']], true)).toEqual(['\\u001b[31mred next  b']);
});

it.each([
  ['注文-77', 7],
  ['ﾊﾝｶｸ', 4],
  ['한국', 4],
  ['😀', 2],
  ['👩‍👩‍👧', 2],
  ['☎️', 2],
  ['é', 1],
  ['e\u0301', 1],
  ['…', 1],
])('"%s" takes %d columns of a terminal', (text, columns) => {
  expect(textWidth(text)).toBe(columns);
});

it('A table with wide characters has its columns in line', () => {
  expect(
    tableLines(
      [
        ['注文', 'a'],
        ['order', 'b'],
      ],
      false,
    ),
  ).toEqual(['注文   a', 'order  b']);
});

it('Text is shortened to whole characters', () => {
  expect(shortened('😀😀😀', 6)).toBe('😀😀😀');
  expect(shortened('😀😀😀', 5)).toBe('😀😀…');
  expect(shortened('注文注文', 6)).toBe('注文…');
});

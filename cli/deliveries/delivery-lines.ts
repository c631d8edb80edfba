import { type Row, tableLines } from '../table.ts';
import { textWidth } from '../text-width.ts';
import { DELIVERY_HEADINGS, DELIVERY_WIDTHS } from './delivery-rows.ts';

/** How rows become lines. */
export interface LineOptions {
  readonly hasColours: boolean;
  /** The width of the terminal. @default - no limit: the output is not a terminal */
  readonly columns?: number | undefined;
}

/** The columns by what a terminal that is too narrow goes without: nothing, the size and the time, the status too. */
const COLUMNS = [
  [0, 1, 2, 3, 4, 5, 6, 7, 8],
  [0, 1, 2, 3, 4, 5, 8],
  [0, 1, 2, 4, 5, 8],
] as const;

/** The lines of all rows, under their headings. Where no table fits, a row has several lines. */
export function deliveryLines(rows: readonly Row[], { hasColours, columns = Infinity }: LineOptions): string[] {
  const table = [DELIVERY_HEADINGS, ...rows];
  const fits = COLUMNS.find((shown) => widthOf(tableLines(only(table, shown), false)) <= columns);
  return fits ? tableLines(only(table, fits), hasColours) : rows.flatMap((row) => recordLines(row, hasColours));
}

/** Makes lines of rows that come one after the other, so that the widths of their columns are fixed. */
export interface LineMaker {
  /** None where no table fits. */
  readonly headings: readonly string[];
  readonly lines: (rows: readonly Row[]) => readonly string[];
}

/** Lines of rows that come one after the other. A long reason may still take more than a line. */
export function lineMaker({ hasColours, columns = Infinity }: LineOptions): LineMaker {
  const inColumns = (rows: readonly Row[], shown: readonly number[], colours: boolean) =>
    tableLines(only(rows, shown), colours, pick(DELIVERY_WIDTHS, shown));
  const fits = COLUMNS.find((shown) => widthOf(inColumns([DELIVERY_HEADINGS], shown, false)) <= columns);
  if (!fits) return { headings: [], lines: (rows) => rows.flatMap((row) => recordLines(row, hasColours)) };
  return {
    headings: inColumns([DELIVERY_HEADINGS], fits, hasColours),
    lines: (rows) => inColumns(rows, fits, hasColours),
  };
}

/** A row on several lines: when, where and the outcome; the event; the reason. */
function recordLines(row: Row, hasColours: boolean): string[] {
  const lines = [[0, 1, 2, 3], [4, 5], [8]].flatMap((shown) =>
    tableLines([pick(row, shown).filter((cell) => cell !== '')], hasColours),
  );
  return lines.flatMap((line, index) => (line === '' ? [] : [index === 0 ? line : `  ${line}`]));
}

const only = (rows: readonly Row[], shown: readonly number[]): Row[] => rows.map((row) => pick(row, shown));

const pick = <T>(values: readonly T[], shown: readonly number[]): T[] => shown.flatMap((index) => values[index] ?? []);

const widthOf = (lines: readonly string[]) => Math.max(...lines.map(textWidth));

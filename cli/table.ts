import { type Colour, coloured } from './colour.ts';
import { printableLine } from './printable.ts';
import { textWidth } from './text-width.ts';

/** A cell, and its colour where colours are shown. */
export interface Cell {
  readonly text: string;
  readonly colour?: Colour | undefined;
}

/** A row: a text is a cell without a colour. */
export type Row = readonly (string | Cell)[];

/**
 * The lines of a table, one per row. What its cells quote from elsewhere cannot control the terminal.
 * @param widths the least width of each column, in columns of a terminal
 */
export function tableLines(rows: readonly Row[], hasColours: boolean, widths: readonly number[] = []): string[] {
  const cells = rows.map((row) => row.map(cellOf));
  const columns = cells.reduce((most, { length }) => Math.max(most, length), 0);
  const width = Array.from({ length: columns }, (_, column) =>
    cells.reduce((most, row) => Math.max(most, textWidth(row[column]?.text ?? '')), widths[column] ?? 0),
  );
  return cells.map((row) =>
    row
      .map((cell, column) => shown(cell, width[column] ?? 0, hasColours))
      .join('  ')
      .trimEnd(),
  );
}

function cellOf(given: string | Cell): Cell {
  const cell = typeof given === 'string' ? { text: given } : given;
  return { ...cell, text: printableLine(cell.text) };
}

function shown({ text, colour }: Cell, width: number, hasColours: boolean): string {
  const padding = ' '.repeat(Math.max(0, width - textWidth(text)));
  return (colour && hasColours && text ? coloured(text, colour) : text) + padding;
}

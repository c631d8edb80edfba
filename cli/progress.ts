import { printableLine } from './printable.ts';

/** The progress of a command, as a user sees it. */
export interface Progress {
  /** On a terminal, replaces the text shown before. Elsewhere, writes a line if the text is new. */
  readonly show: (text: string) => void;
  /** Ends the line on a terminal, so that others can follow. */
  readonly end: () => void;
}

/** A stream that progress is written to. */
type Output = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

const CLEAR_LINE = '\r\x1b[K';

/**
 * Shows progress on standard error.
 * @param everyMs the least time between two lines if the output is not a terminal
 */
export function progressOf({ everyMs = 0, output = process.stderr as Output } = {}): Progress {
  let shown = '';
  let shownAt = Number.NEGATIVE_INFINITY;

  return {
    show(given) {
      const text = printableLine(given);
      const isTooSoon = !output.isTTY && performance.now() - shownAt < everyMs;
      if (text === shown || isTooSoon) return;
      output.write(output.isTTY ? `${CLEAR_LINE}${text}` : `${text}\n`);
      shown = text;
      shownAt = performance.now();
    },
    end() {
      if (output.isTTY && shown) output.write('\n');
      shown = '';
    },
  };
}

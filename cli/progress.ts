/** How far a command is. */
export interface Progress {
  /** On a terminal, in the place of what was shown before; elsewhere a line, if it says something new. */
  readonly show: (text: string) => void;
  /** Makes room for other lines. */
  readonly end: () => void;
}

/** What of a stream is written to. */
type Output = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

const CLEAR_LINE = '\r\x1b[K';

/**
 * Progress on standard error.
 * @param everyMs the least time between two lines, where it is no terminal
 */
export function progressOf({ everyMs = 0, output = process.stderr as Output } = {}): Progress {
  let shown = '';
  let shownAt = Number.NEGATIVE_INFINITY;

  return {
    show(text) {
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

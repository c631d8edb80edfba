import { clearLine, cursorTo } from 'node:readline';
import { printableLine } from '../../cli/printable.ts';
import type { CheckResult } from '../probe-report.ts';

/**
 * Reports the progress of a probe: on a terminal in one line, which is overwritten and finally cleared, and elsewhere in
 * a line per check.
 * @param total number of checks
 * @returns the function to call after each check
 */
export function progressReporter(stream: NodeJS.WriteStream, total: number): (result: CheckResult) => void {
  let finished = 0;
  let failed = 0;
  return (result) => {
    finished += 1;
    if (result.verdict === 'failed') failed += 1;
    const count = `${finished}/${total}`;
    if (!stream.isTTY) stream.write(`${count} ${outcome(result)}\n`);
    else rewrite(stream, finished < total ? `${count}, ${failed} failed: ${result.id}` : '');
  };
}

function outcome({ id, verdict, failedTitle, detail }: CheckResult): string {
  if (verdict === 'passed') return `${id}: passed`;
  const reason = verdict === 'failed' ? `${failedTitle}. ${detail}` : detail;
  return `${id}: ${verdict}: ${printableLine(reason)}`;
}

/** Overwrites the line. A line as wide as the terminal would wrap, and could not be overwritten. */
function rewrite(stream: NodeJS.WriteStream, line: string): void {
  cursorTo(stream, 0);
  clearLine(stream, 0);
  stream.write(line.slice(0, (stream.columns || 80) - 1));
}

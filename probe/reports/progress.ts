import { clearLine, cursorTo } from 'node:readline';
import type { CheckResult } from '../probe-report.ts';
import { printableLine } from './printable.ts';

/**
 * Says how far a probe is: on a terminal in one line that is written over and goes with the last check, elsewhere in a
 * line a check, so that a log shows it is alive.
 * @param total how many checks there are
 * @returns what to call with each check that is finished
 */
export function progressReporter(stream: NodeJS.WriteStream, total: number): (result: CheckResult) => void {
  let finished = 0;
  let failed = 0;
  return (result) => {
    finished += 1;
    if (result.verdict === 'failed') failed += 1;
    const place = `${finished}/${total}`;
    if (!stream.isTTY) stream.write(`${place} ${outcome(result)}\n`);
    else rewrite(stream, finished < total ? `${place}, ${failed} failed: ${result.id}` : '');
  };
}

function outcome({ id, verdict, detail }: CheckResult): string {
  return verdict === 'passed' ? `${id}: passed` : `${id}: ${verdict}: ${printableLine(detail)}`;
}

/** A line as wide as the terminal would break, and could not be written over. */
function rewrite(stream: NodeJS.WriteStream, line: string): void {
  cursorTo(stream, 0);
  clearLine(stream, 0);
  stream.write(line.slice(0, (stream.columns || 80) - 1));
}

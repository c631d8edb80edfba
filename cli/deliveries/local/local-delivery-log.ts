import { EventEmitter, once } from 'node:events';
import { appendFileSync, existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cloudwatchReport } from '../../../lambda/telemetry/cloudwatch-report.ts';
import type { Report } from '../../../lambda/telemetry/delivery-report.ts';
import type { Delivery, DeliveryLog } from '../delivery-log.ts';
import { deliveryMatcher } from '../delivery-matcher.ts';
import { deliveryOfLine } from '../delivery-of-line.ts';

/** The deliveries of the inbox on this machine. */
export interface LocalDeliveryLog extends DeliveryLog {
  /** Adds a delivery. */
  readonly report: Report;
}

/** How many deliveries are kept: the newest. */
const MAX_KEPT = 10_000;

/** How many deliveries there may be before the oldest are removed, so that the file is not rewritten for each. */
const MAX_BEFORE_REMOVAL = MAX_KEPT + 1_000;

/** A line, and the delivery that it is about. */
interface KeptLine {
  readonly line: string;
  readonly delivery: Delivery;
}

/**
 * Keeps the lines that a deployed receiver writes to its log: the newest 10,000 in memory, and in a file if there is one.
 * @param file such as `deliveries.ndjson` in `DATA_DIR`; undefined for none
 */
export function localDeliveryLog(file?: string): LocalDeliveryLog {
  const kept = file === undefined ? [] : readLines(file);
  const save = file === undefined ? () => undefined : saver(file);
  const changes = new EventEmitter<{ added: [] }>().setMaxListeners(0);
  /** How many deliveries were added, with those that are no longer kept. */
  let total = kept.length;

  function add(line: string): void {
    const [added] = keptLine(line);
    if (!added) return;
    kept.push(added);
    total += 1;
    const isFull = kept.length > MAX_BEFORE_REMOVAL;
    if (isFull) kept.splice(0, kept.length - MAX_KEPT);
    save(isFull ? undefined : line, kept);
    changes.emit('added');
  }

  return {
    // The report is one write: the line of the delivery, and those of its metrics.
    report: cloudwatchReport('local', (lines) => add(lines.slice(0, lines.indexOf('\n'))), Date.now),
    async *list({ limit = MAX_BEFORE_REMOVAL, ...query }) {
      const matches = deliveryMatcher(query);
      yield* kept
        .map(({ delivery }) => delivery)
        .filter(matches)
        .slice(-limit);
    },
    async *follow({ to: _, ...query }, signal, onListed) {
      const matches = deliveryMatcher(query);
      for (let shown = 0; !signal.aborted; ) {
        const added = kept.slice(Math.max(0, shown - (total - kept.length)));
        shown = total;
        yield* added.map(({ delivery }) => delivery).filter(matches);
        onListed?.();
        if (shown === total) await once(changes, 'added', { signal }).catch(() => undefined);
      }
    },
  };
}

function keptLine(line: string): readonly KeptLine[] {
  const delivery = deliveryOfLine(line);
  return delivery ? [{ line, delivery }] : [];
}

/** A line that was cut short by a crash is left out. */
function readLines(file: string): KeptLine[] {
  if (!existsSync(file)) return [];
  return readFileSync(file, 'utf8').split('\n').flatMap(keptLine).slice(-MAX_KEPT);
}

/** Saves a line, or all lines. */
type Save = (line: string | undefined, kept: readonly KeptLine[]) => void;

/** Saves lines in a file. A line that was cut short, by a crash or a full disk, is ended first: it must not spoil the next. */
function saver(file: string): Save {
  let isCut = isCutShort(file);
  return (line, kept) => {
    try {
      if (line === undefined) replace(file, kept);
      else appendFileSync(file, `${isCut ? '\n' : ''}${line}\n`);
      isCut = false;
    } catch {
      // A disk that is full must not fail a delivery that is stored: the list in memory has it.
      isCut = true;
    }
  };
}

/** Whether the last line of a file has no end. */
function isCutShort(file: string): boolean {
  return existsSync(file) && !/(^|\n)$/.test(readFileSync(file, 'utf8').slice(-1));
}

function replace(file: string, kept: readonly KeptLine[]): void {
  writeFileSync(`${file}.new`, kept.map(({ line }) => `${line}\n`).join(''));
  renameSync(`${file}.new`, file);
}

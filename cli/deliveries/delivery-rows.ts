import type { Colour } from '../colour.ts';
import { printableLine } from '../printable.ts';
import type { Cell, Row } from '../table.ts';
import { shortened } from '../text-width.ts';
import { localTime } from '../times.ts';
import type { DeliveredEvent, Delivery } from './delivery-log.ts';

/** The headings of {@link deliveryRows}. */
export const DELIVERY_HEADINGS: readonly Cell[] = [
  'time',
  'source',
  'outcome',
  'status',
  'type',
  'event id',
  'bytes',
  'ms',
  'why',
].map((text) => ({ text, colour: 'dim' }));

/** The least widths of the columns, so that rows that come later are in line. */
export const DELIVERY_WIDTHS: readonly number[] = [19, 12, 11, 6, 24, 36, 6, 6];

const COLOURS: Readonly<Record<Delivery['outcome'], Colour>> = {
  processed: 'green',
  duplicate: 'dim',
  handshake: 'dim',
  queued: 'yellow',
  conflict: 'yellow',
  quarantined: 'yellow',
  rejected: 'red',
  unavailable: 'red',
  failed: 'red',
};

/** The longest id that a table shows whole, in columns of a terminal. */
const MAX_ID_COLUMNS = 60;

/**
 * Rows of a table: one per event of a delivery, and one for a delivery without events.
 * @param isShown which events are shown
 */
export function deliveryRows(delivery: Delivery, isShown: (event: DeliveredEvent) => boolean): readonly Row[] {
  const { events, more } = delivery;
  if (events.length === 0) return [rowOf(delivery, {})];
  const rows = events.filter(isShown).map((event) => rowOf(delivery, event));
  return more > 0 ? [...rows, ['', '', '', '', '', `${more} more events of this delivery`]] : rows;
}

function rowOf(delivery: Delivery, event: DeliveredEvent): Row {
  const { id = '', type = '' } = event;
  const outcome: Delivery['outcome'] = event.outcome ?? delivery.outcome;
  const { time, source = '-', status, bytes, durationMs } = delivery;
  return [
    localTime(time),
    source,
    { text: outcome, colour: COLOURS[outcome] },
    String(status),
    type,
    shortened(printableLine(id), MAX_ID_COLUMNS),
    String(bytes ?? ''),
    durationMs.toFixed(durationMs < 10 ? 1 : 0),
    reasonOf(delivery, outcome),
  ];
}

/** Of a body of several events, those that are stored need no reason. */
function reasonOf({ code, reason, issues = [] }: Delivery, outcome: Delivery['outcome']): string {
  if (outcome === 'processed' || outcome === 'duplicate') return '';
  const words = [...new Set([code, reason])].filter(Boolean).join(': ');
  const paths = issues.map(({ path, expected }) => `${path} (expected ${expected})`).join(', ');
  return [words, paths].filter(Boolean).join(': ');
}

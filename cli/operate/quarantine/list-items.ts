import type { QuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { print } from '../../print.ts';
import { printableLine } from '../../printable.ts';
import { progressOf } from '../../progress.ts';
import { type Row, tableLines } from '../../table.ts';
import { shortened } from '../../text-width.ts';
import { withAdvice } from '../aws-errors.ts';
import type { InboxAccess } from './inbox-access.ts';
import type { ItemFilter } from './quarantine-table.ts';

/** An item without its payload. */
interface ListedItem extends Omit<QuarantineItem, 'payload' | 'payload_encoding'> {
  /** The size of the uncompressed payload; absent if the payload is in the bucket. */
  readonly payload_bytes?: number;
}

/** The subcommand `list`: prints the items of the quarantine, the newest first. */
export async function listItems({ quarantine }: InboxAccess, filter: ItemFilter, isJson: boolean): Promise<void> {
  const items = await withAdvice('list the quarantine', () => findItems(quarantine.scan(filter)));
  const newestFirst = items.toSorted((one, other) => (one.received_at < other.received_at ? 1 : -1));
  if (isJson) return printJson(newestFirst);
  const lines = tableLines([HEADINGS, ...newestFirst.map(rowOf)], false);
  if (newestFirst.length > 0) print(`${lines.join('\n')}\n`);
  print(summary(newestFirst.length, filter));
}

function printJson(items: readonly ListedItem[]): void {
  for (const item of items) print(JSON.stringify(item));
}

async function findItems(pages: ReturnType<InboxAccess['quarantine']['scan']>): Promise<readonly ListedItem[]> {
  const progress = progressOf({ everyMs: 5_000 });
  const found: ListedItem[] = [];
  let scanned = 0;
  for await (const page of pages) {
    // A table that is read in one request needs no progress.
    if (scanned > 0) progress.show(`${scanned} items scanned, ${found.length} found`);
    scanned += page.scanned;
    found.push(...page.items.map(listed));
  }
  progress.end();
  return found;
}

function listed({ payload, payload_encoding, ...item }: QuarantineItem): ListedItem {
  return payload === undefined ? item : { ...item, payload_bytes: uncompressedBytes(payload) };
}

/**
 * Text is not compressed. The last four bytes of compressed bytes are the size before.
 * @see https://www.rfc-editor.org/rfc/rfc1952#page-6
 */
function uncompressedBytes(payload: string | Uint8Array): number {
  if (typeof payload === 'string') return Buffer.byteLength(payload);
  return Buffer.from(payload.slice(-4)).readUInt32LE();
}

/** The id is last, because it is long, and whole, because the other subcommands take it. */
const HEADINGS = ['received at', 'source', 'reason', 'event id', 'bytes', 'id'] as const;

const MAX_EVENT_ID_COLUMNS = 40;

function rowOf({ id, source, reason, event_id = '-', received_at, payload_bytes }: ListedItem): Row {
  const eventId = shortened(printableLine(event_id), MAX_EVENT_ID_COLUMNS);
  return [received_at, source, reason, eventId, String(payload_bytes ?? 'large'), id];
}

function summary(count: number, { source, reason }: ItemFilter): string {
  const items = count === 1 ? '1 item' : `${count} items`;
  const ofSource = source === undefined ? '' : ` of ${printableLine(source)}`;
  return `${items}${ofSource} in quarantine${reason === undefined ? '' : ` with the reason ${reason}`}`;
}

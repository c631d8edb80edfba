import type { QuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { print } from '../../print.ts';
import { printableJson, printableLine } from '../../printable.ts';
import { progressOf } from '../../progress.ts';
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
  if (isJson) return void process.stdout.write(printableJson(newestFirst));
  if (newestFirst.length > 0) print(`${tableOf(newestFirst)}\n`);
  print(summary(newestFirst.length, filter));
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

function tableOf(items: readonly ListedItem[]): string {
  const rows = [HEADINGS, ...items.map(cellsOf)];
  const widths = HEADINGS.map((_, column) => Math.max(...rows.map((cells) => cells[column]?.length ?? 0)));
  return rows
    .map((cells) =>
      cells
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

const MAX_EVENT_ID_CHARACTERS = 40;

function cellsOf({ id, source, reason, event_id, received_at, payload_bytes }: ListedItem): readonly string[] {
  const eventId = event_id ?? '-';
  const shortened =
    eventId.length > MAX_EVENT_ID_CHARACTERS ? `${eventId.slice(0, MAX_EVENT_ID_CHARACTERS)}…` : eventId;
  return [received_at, source, reason, shortened, String(payload_bytes ?? 'large'), id].map(printableLine);
}

function summary(count: number, { source, reason }: ItemFilter): string {
  const items = count === 1 ? '1 item' : `${count} items`;
  const ofSource = source === undefined ? '' : ` of ${printableLine(source)}`;
  return `${items}${ofSource} in quarantine${reason === undefined ? '' : ` with the reason ${reason}`}`;
}

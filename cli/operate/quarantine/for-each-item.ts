import type { QuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import { print, printError } from '../../print.ts';
import { printable, printableLine } from '../../printable.ts';
import { reasonOf } from '../aws-errors.ts';
import type { QuarantineTable } from './quarantine-table.ts';

/** The outcome for an item, as text for the operator. */
export interface ItemResult {
  /** Whether the item is no longer in quarantine. */
  readonly isDone: boolean;
  readonly text: string;
}

/** Acts on an item, and removes it from quarantine. */
export type ItemAction = (item: QuarantineItem) => Promise<ItemResult>;

/**
 * Acts on items one after the other. After a failure it continues with the next one. Prints what was done on standard
 * output, and the rest on standard error.
 * @returns how many items are still in quarantine, or are not found
 */
export async function forEachItem(
  ids: readonly string[],
  quarantine: QuarantineTable,
  action: ItemAction,
): Promise<number> {
  let failed = 0;
  for (const [index, id] of ids.entries()) {
    const { isDone, text } = await actOn(id, quarantine, action);
    const place = ids.length > 1 ? `${index + 1}/${ids.length} ` : '';
    const line = `${place}${printableLine(id)}: ${printable(text)}`;
    if (isDone) print(line);
    else printError(line);
    failed += Number(!isDone);
  }
  return failed;
}

/**
 * Acts on an item.
 * @returns as a result also that it failed, or that there is no such item
 */
export async function actOn(id: string, quarantine: QuarantineTable, action: ItemAction): Promise<ItemResult> {
  try {
    const item = await quarantine.get(id);
    return item ? await action(item) : { isDone: false, text: 'failed: no such item in quarantine' };
  } catch (error) {
    return failureOf(error);
  }
}

function failureOf(error: unknown): ItemResult {
  return { isDone: false, text: `failed: ${reasonOf(error, 'read or change it')}` };
}

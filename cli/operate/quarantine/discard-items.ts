import confirm from '@inquirer/confirm';
import { UsageError } from '../../arguments.ts';
import { print } from '../../print.ts';
import { printableLine } from '../../printable.ts';
import { forEachItem, type ItemAction } from './for-each-item.ts';
import type { InboxAccess } from './inbox-access.ts';
import type { QuarantineTable } from './quarantine-table.ts';

/** The subcommand `discard`: deletes items. */
export async function discardItems({ quarantine }: InboxAccess, ids: readonly string[]): Promise<void> {
  const failed = await forEachItem(ids, quarantine, itemDiscarder(quarantine));
  print(`${ids.length - failed} discarded, ${failed} left`);
  if (failed > 0) process.exitCode = 1;
}

/** Deletes an item. */
export function itemDiscarder(quarantine: QuarantineTable): ItemAction {
  return async (item) => {
    const isDone = await quarantine.delete(item);
    const { source, reason, received_at } = item;
    const described = `${source}, ${reason}, received ${received_at}`;
    return { isDone, text: isDone ? `discarded: ${described}` : 'was delivered again meanwhile, and is left' };
  };
}

/**
 * Asks on the terminal whether to discard items.
 * @throws {UsageError} unless the user confirms
 */
export async function confirmDiscard(ids: readonly string[]): Promise<void> {
  if (!process.stdin.isTTY || !process.stderr.isTTY)
    throw new UsageError('What is discarded cannot be restored. Confirm it with --yes.');
  const items = ids.length === 1 ? printableLine(ids[0] ?? '') : `${ids.length} items`;
  const message = `Discard ${items}? This cannot be undone.`;
  const isConfirmed = await confirm({ message, default: false }, { output: process.stderr }).catch(declined);
  if (!isConfirmed) throw new UsageError('Nothing was discarded.');
}

function declined(error: Error): false {
  if (error.name !== 'ExitPromptError') throw error;
  return false;
}

import { print, printError } from '../print.ts';
import { printableLine } from '../printable.ts';
import { reasonOf } from './aws-errors.ts';
import type { Redelivery } from './redelivery.ts';

/** An event that the bus refuses, with and without its payload. */
export interface RefusedEvent {
  /** The item's id. */
  readonly id: string;
  /** The error code of the bus. */
  readonly reason: string;
}

/** The outcome of putting events on the bus. */
export interface PutResult {
  /** The ids of the items whose events were put, or would be in a dry run. */
  readonly put: readonly string[];
  /** How many items are no longer in the table. */
  readonly gone: number;
  readonly refused: readonly RefusedEvent[];
  /** How many events failed in a way that may pass. */
  readonly failed: number;
}

/**
 * Puts the events of items on the bus, in order. Names those that are gone, refused or failed on standard error, and
 * continues with the others.
 * @param isDryRun whether to list the events on standard output
 */
export async function putEvents(ids: readonly string[], redeliver: Redelivery, isDryRun: boolean): Promise<PutResult> {
  const put: string[] = [];
  const refused: RefusedEvent[] = [];
  let failed = 0;

  async function putOne(id: string): Promise<void> {
    const result = await redeliver(id);
    if (!result) return warn(id, 'no longer in the table');
    if ('refusal' in result) {
      refused.push({ id, reason: result.refusal });
      return warn(id, `refused by EventBridge, with and without its payload: ${result.refusal}`);
    }
    put.push(id);
    if (isDryRun) print(printableLine(`${id}: would put ${result.description}`));
  }

  for (const id of ids) {
    await putOne(id).catch((error: unknown) => {
      failed += 1;
      warn(id, `failed: ${reasonOf(error, 'read or put it')}`);
    });
  }
  return { put, gone: ids.length - put.length - refused.length - failed, refused, failed };
}

const warn = (id: string, text: string) => printError(printableLine(`${id}: ${text}`));

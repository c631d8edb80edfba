import { reasonOf } from './aws-errors.ts';
import type { Redelivery } from './redelivery.ts';

/** The outcome of putting events on the bus. */
export interface PutResult {
  /** The ids of the items whose events were put, or would be in a dry run. */
  readonly put: readonly string[];
  /** How many items are no longer in the table. */
  readonly gone: number;
  readonly failed: number;
}

/**
 * Puts the events of items on the bus, in order. Names those that are gone or that fail on standard error, and continues
 * with the others.
 * @param isDryRun whether to list the events on standard output
 */
export async function putEvents(ids: readonly string[], redeliver: Redelivery, isDryRun: boolean): Promise<PutResult> {
  const put: string[] = [];
  let failed = 0;
  for (const id of ids) {
    try {
      const description = await redeliver(id);
      if (description === undefined) console.error(`${id}: no longer in the table`);
      else if (isDryRun) console.log(`${id}: would put ${description}`);
      if (description !== undefined) put.push(id);
    } catch (error) {
      console.error(`${id}: failed: ${reasonOf(error, 'read or put it')}`);
      failed += 1;
    }
  }
  return { put, gone: ids.length - put.length - failed, failed };
}

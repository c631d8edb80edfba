import { setTimeout as sleep } from 'node:timers/promises';
import { UsageError } from '../arguments.ts';
import type { DeliveryQuery } from '../deliveries/delivery-log.ts';
import { eventMatcher } from '../deliveries/delivery-matcher.ts';
import { viewOf } from '../deliveries/deployed/deployed-inbox-view.ts';
import { interruption } from '../interruption.ts';
import { invocation } from '../invocation.ts';
import { print, printError } from '../print.ts';
import { printableLine } from '../printable.ts';
import { progressOf } from '../progress.ts';
import { reasonOf } from './aws-errors.ts';
import { checkSourceOf } from './check-source-of.ts';
import { type Redelivery, redelivery } from './redelivery.ts';
import { type RedeliveryFile, saveRedelivery } from './redelivery-file.ts';
import { type NamedResources, redeliveryResources } from './redelivery-resources.ts';
import { inboxOutputs } from './stack-outputs.ts';
import { scanForItems } from './stored-item-finder.ts';

/** Which events are redelivered: those of one source that were stored in a window. */
export type RedeliveryQuery = DeliveryQuery & { readonly sources: readonly [string]; readonly to: number };

/** How events are redelivered. */
export interface RedeliveryPace {
  /** The most events per second. @default - one after the other, without a pause */
  readonly perSecond?: number | undefined;
  readonly isDryRun: boolean;
}

/**
 * Redelivers the events of a query in the order of their receipt.
 * @param isScan whether to find them in the table rather than in the log
 * @throws {UsageError} if the inbox does not exist, or the log does not list all of the events
 */
export async function redeliverQuery(
  query: RedeliveryQuery,
  named: NamedResources,
  { isScan, ...pace }: RedeliveryPace & { readonly isScan: boolean },
): Promise<void> {
  const resources = await redeliveryResources(named);
  const usesTable = isScan || named.table !== undefined;
  const ids = usesTable ? await scanForItems(resources.tableName, query) : await idsInLog(query, named);
  if (ids.length === 0) await checkSourceOf(named, query.sources[0]);
  if (ids.length === 0) return print(`No event of ${printableLine(query.sources[0])} was stored in that window.`);
  if (pace.isDryRun) return await listAll(ids, redelivery(resources, true));
  await redeliverFile(saveRedelivery(resources, ids), pace);
}

/** Of events that were stored in the window: a duplicate was stored before, and what is queued was stored soon after. */
const STORED = ['processed', 'queued'] as const;

async function idsInLog(query: RedeliveryQuery, named: NamedResources): Promise<readonly string[]> {
  const { deliveries } = viewOf(await inboxOutputs(named));
  const wanted = { ...query, outcomes: STORED };
  const isWanted = eventMatcher(wanted);
  const ids = new Set<string>();
  let hasMore = false;
  // A body with many events may have one of the types among those that its line leaves out.
  for await (const { source, events, more } of deliveries.list({ ...wanted, types: undefined })) {
    hasMore ||= more > 0;
    for (const { id } of events.filter(isWanted)) if (id !== undefined) ids.add(`${source}#${id}`);
  }
  if (!hasMore) return [...ids];
  throw new UsageError(
    'Bodies in this window had more events than the log lists. Give --scan to find all of them in the table, which reads all of it, at your cost.',
  );
}

async function listAll(ids: readonly string[], redeliver: Redelivery): Promise<void> {
  let failed = 0;
  for (const id of ids) {
    const failure = await put(id, redeliver, (description) => print(printableLine(`${id}: would put ${description}`)));
    failed += Number(failure !== undefined);
    if (failure) printError(printableLine(`${id}: failed: ${failure}`));
  }
  print(`${ids.length - failed} would be put on the bus, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Puts the events of a file; those that fail, and those that an interruption leaves, can be resumed. */
export async function redeliverFile(file: RedeliveryFile, { perSecond }: RedeliveryPace): Promise<void> {
  const { ids, resources, path } = file;
  const redeliver = redelivery(resources, false);
  const signal = interruption();
  const progress = progressOf({ everyMs: 5_000 });
  const startedAt = performance.now();
  let done = 0;
  let failed = 0;
  for (const id of ids) {
    await pause(perSecond === undefined ? 0 : startedAt + ((done + failed) * 1000) / perSecond, signal);
    if (signal.aborted) break;
    const failure = await put(id, redeliver, () => file.note(id));
    if (failure) printError(printableLine(`${id}: failed: ${failure}`));
    failed += Number(failure !== undefined);
    done += Number(failure === undefined);
    progress.show(`${done} of ${ids.length} events put on the bus`);
  }
  progress.end();
  print(
    `${done} put on the bus, ${failed} failed${done + failed < ids.length ? `, ${ids.length - done - failed} left` : ''}`,
  );
  if (done === ids.length) return file.delete();
  process.exitCode ??= 1;
  printError(`To continue with the others: ${invocation('redeliver', `--resume ${path}`)}`);
}

/** @param until on the clock of `performance.now()` */
async function pause(until: number, signal: AbortSignal): Promise<void> {
  const milliseconds = until - performance.now();
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}

/** @returns why it failed; undefined if it was put, and `then` was called */
async function put(
  id: string,
  redeliver: Redelivery,
  then: (description: string) => void,
): Promise<string | undefined> {
  try {
    const result = await redeliver(id);
    if (!result) return 'no longer in the table';
    if ('refusal' in result) return `EventBridge refuses it, with and without its payload: ${result.refusal}`;
    then(result.description);
    return undefined;
  } catch (error) {
    return reasonOf(error, 'read or put it');
  }
}

import type { QuarantineItem } from '../../../lambda/quarantine/quarantine-item.ts';
import type { Source, Sources } from '../../../lambda/receiver/source.ts';
import type { StoredOutcome } from '../../../lambda/storage/event-outcome.ts';
import { UsageError } from '../../arguments.ts';
import { print } from '../../print.ts';
import { printableLine } from '../../printable.ts';
import { acceptItem, renamedId } from './accept-item.ts';
import { forEachItem, type ItemAction } from './for-each-item.ts';
import type { InboxAccess } from './inbox-access.ts';
import { readPayload } from './read-payload.ts';
import { REASONS } from './reasons.ts';

/**
 * The subcommand `accept`: stores the events of items, and deletes each item once all of its events are stored.
 * @param isAsIs whether to store events that are still invalid
 */
export async function acceptItems(access: InboxAccess, ids: readonly string[], isAsIs: boolean): Promise<void> {
  const failed = await forEachItem(ids, access.quarantine, await itemAcceptor(access, isAsIs));
  print(`${ids.length - failed} accepted, ${failed} left`);
  if (failed > 0) process.exitCode = 1;
}

/**
 * Stores the events of an item, and deletes the item once all of them are stored.
 * @param isAsIs whether to store events that are still invalid
 */
export async function itemAcceptor(access: InboxAccess, isAsIs: boolean): Promise<ItemAction> {
  const { quarantine, payloads } = access;
  const { sources, ...dependencies } = await access.openReceiver();
  return async (item) => {
    const source = sourceOf(item, sources);
    const payload = await readPayload(item, payloads);
    const outcomes = await acceptItem(item, payload, { ...dependencies, source, isAsIs, now: Date.now() });
    const text = outcomes.map(describe).join('\n  ') || 'no events';
    if (!outcomes.every(isAccepted)) return { isDone: false, text };
    const isDone = await quarantine.delete(item);
    return { isDone, text: isDone ? text : `${text}\n  It was delivered again since, and stays in quarantine.` };
  };
}

/** The source as it is configured now; its provider is still that of the item. */
function sourceOf({ source: name, provider }: QuarantineItem, sources: Sources): Source {
  const source = sources.get(name);
  if (!source) throw new UsageError(`the inbox no longer has the source ${name}`);
  if (source.providerName === provider) return source;
  throw new UsageError(`the provider of ${name} is ${source.providerName} now, and was ${provider}`);
}

function isAccepted({ status }: StoredOutcome): boolean {
  return status === 'processed' || status === 'duplicate';
}

function describe({ status, eventId = '', invalid, conflict }: StoredOutcome): string {
  const id = printableLine(eventId);
  if (invalid) {
    const issues = invalid.issues.map(({ path, expected }) => `\n  ${path}: expected ${expected}`);
    return `still invalid: ${invalid.reason}: ${REASONS[invalid.reason]}${issues.join('')}`;
  }
  if (!conflict) return `${status}, event id ${id}`;
  const { differingFields: fields, receivedSha256 } = conflict;
  const differs = fields ? `, which differs in ${fields.join(', ')}` : '';
  return `conflict: another payload is stored under the event id ${id}${differs}; --as-is stores this one under ${renamedId(id, receivedSha256)}`;
}

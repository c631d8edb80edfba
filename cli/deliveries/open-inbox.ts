import type { NamedInbox } from '../operate/named-inbox.ts';
import type { InboxView } from './delivery-log.ts';

/** Options that name a deployed inbox; without them, the inbox is that on this machine. */
export const INBOX_OPTIONS = { stack: { type: 'string' }, inbox: { type: 'string' } } as const;

/** Lines of `--help` for these options. */
export const INBOX_HELP = `--stack NAME    a deployed inbox, by the stack that has it, in place of the one on this machine
  --inbox NAME    the inbox, if the stack has several`;

/** Whether the options name no deployed inbox. */
export const isLocal = ({ stack, inbox }: NamedInbox): boolean => stack === undefined && inbox === undefined;

/**
 * Opens a deployed inbox, or the one that `npm start` runs on this machine, by `PORT` and `DYNAMODB_PORT`. Loads the
 * clients of AWS only where they are needed.
 * @throws {UsageError} if there is no such inbox
 */
export async function openInbox(named: NamedInbox, environment: NodeJS.ProcessEnv): Promise<InboxView> {
  if (isLocal(named)) return (await import('./local/local-inbox-view.ts')).localInboxView(environment);
  return await (await import('./deployed/deployed-inbox-view.ts')).deployedInboxView(named);
}

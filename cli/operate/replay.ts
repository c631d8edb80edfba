import { randomBytes } from 'node:crypto';
import { CancelReplayCommand, EventBridgeClient, StartReplayCommand } from '@aws-sdk/client-eventbridge';
import { readOptions, UsageError } from '../arguments.ts';
import { interruption } from '../interruption.ts';
import { invocation } from '../invocation.ts';
import { print, printError } from '../print.ts';
import { withAdvice } from './aws-errors.ts';
import { type NamedInbox, STANDARD_STACK } from './named-inbox.ts';
import { checkReach, describePlan, type ReplayPlan, replayPlan, spanOf } from './replay-plan.ts';
import { checkRetention, lagWarning, replayWindow } from './replay-window.ts';
import { watchReplay } from './watch-replay.ts';

const HELP = `Replays a window of the archive of the inbox's event bus to one rule.

  ${invocation('replay', '--rule NAME --from TIME [--to TIME] [--stack NAME] [--inbox NAME] [--dry-run]')}
  ${invocation('replay', '--watch REPLAY')}
  ${invocation('replay', '--cancel REPLAY')}

  --rule NAME      the rule on the inbox's bus that gets the events again; no other rule gets them
  --from, --to     the window, by the time of receipt: ISO 8601 with a time zone, such as 2026-11-23T08:00Z, or how
                   long ago, such as 90m, 2h or 3d; --to is now by default
  --stack NAME     the stack that has the inbox (${STANDARD_STACK})
  --inbox NAME     the inbox, if the stack has several
  --dry-run        shows the replay without starting it
  --watch REPLAY   shows the progress of a replay until it ends
  --cancel REPLAY  ends a replay; the consumer keeps the events that were replayed

The rule's targets get each event of the window that matches the rule again, not in order, so consumers must recognize
an event by its id. Ctrl-C stops watching, and the replay continues. Exit status 1 unless the replay completed. The
account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** The options that start a replay. */
interface StartOptions extends NamedInbox {
  readonly rule?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly isDryRun: boolean;
}

/** The command `webhook-inbox replay`. */
export async function replay(): Promise<void> {
  const options = readOptions(HELP, {
    rule: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    stack: { type: 'string' },
    inbox: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    watch: { type: 'string' },
    cancel: { type: 'string' },
  });
  if (!options) return;
  const { watch, cancel, 'dry-run': isDryRun, ...start } = options;
  if ([start.rule, watch, cancel].filter((name) => name !== undefined).length !== 1)
    throw new UsageError(`Give one of --rule, --watch and --cancel.\n\n${HELP}`);
  const client = new EventBridgeClient();
  if (cancel !== undefined) return await cancelReplay(client, cancel);
  if (watch !== undefined) return await watchToEnd(client, watch);
  await startAndWatch(client, { ...start, isDryRun });
}

async function startAndWatch(client: EventBridgeClient, options: StartOptions): Promise<void> {
  const { rule, from, to, isDryRun, ...named } = options;
  if (!rule || !from) throw new UsageError(`Name a rule and a begin: --rule and --from.\n\n${HELP}`);
  const now = new Date();
  const window = replayWindow(from, to, now);
  const plan = await replayPlan(client, { named, ruleName: rule, window });
  checkRetention(window, plan.archive.RetentionDays ?? 0, now);
  const warning = lagWarning(window, now);
  if (warning) printError(warning);
  if (isDryRun) return print(describePlan(plan));
  checkReach(plan.rule);
  // Before the start: whoever interrupts from then on must learn that the replay continues, and its name.
  const signal = interruption();
  await watchToEnd(client, await start(client, plan), signal);
}

/** @returns the name of the replay */
async function start(client: EventBridgeClient, { archive, rule, window }: ReplayPlan): Promise<string> {
  const name = replayName(rule.name);
  const command = new StartReplayCommand({
    ReplayName: name,
    EventSourceArn: archive.ArchiveArn,
    EventStartTime: window.from,
    EventEndTime: window.to,
    Destination: { Arn: archive.EventSourceArn, FilterArns: [rule.arn] },
  });
  await withAdvice('start the replay', () => client.send(command).catch(explainInvalid));
  print(`Replaying ${spanOf(window)} to the rule ${rule.name}. The replay is ${name}`);
  return name;
}

/** Nothing in the request is secret, so that the user may read EventBridge's own message. */
function explainInvalid(error: Error): never {
  if (error.name !== 'ValidationException') throw error;
  throw new UsageError(`EventBridge does not accept the replay: ${error.message}`, { cause: error });
}

/** At most 64 characters, EventBridge's limit. A name can be used once. */
function replayName(ruleName: string): string {
  const when = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${ruleName.slice(0, 39)}-${when}-${randomBytes(4).toString('hex')}`;
}

async function watchToEnd(client: EventBridgeClient, name: string, signal = interruption()): Promise<void> {
  const { state, reason } = await withAdvice(`read the progress of the replay ${name}, which may continue`, () =>
    watchReplay(client, name, { signal }),
  );
  if (state === 'COMPLETED') return print(`The replay ${name} is complete.`);
  if (state !== 'INTERRUPTED') {
    process.exitCode = 1;
    return printError(`The replay ${name} is ${state}: ${reason ?? 'no reason given'}`);
  }
  printError(`The replay ${name} continues.
To watch it: ${invocation('replay', `--watch ${name}`)}
To end it:   ${invocation('replay', `--cancel ${name}`)}`);
}

async function cancelReplay(client: EventBridgeClient, name: string): Promise<void> {
  await withAdvice(`cancel the replay ${name}`, () => client.send(new CancelReplayCommand({ ReplayName: name })));
  print(`The replay ${name} is being cancelled. The consumer keeps the events that were replayed.
To see when it has ended: ${invocation('replay', `--watch ${name}`)}`);
}

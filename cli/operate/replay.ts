import { randomBytes } from 'node:crypto';
import {
  CancelReplayCommand,
  DescribeArchiveCommand,
  type DescribeArchiveCommandOutput,
  EventBridgeClient,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { readOptions, UsageError } from '../arguments.ts';
import { withAdvice } from './aws-errors.ts';
import { type BusRule, busRule } from './bus-rule.ts';
import { checkRetention, lagWarning, type ReplayWindow, replayWindow } from './replay-window.ts';
import { forwardingOutputs, outputOf, STANDARD_STACK, stackOutputs } from './stack-outputs.ts';
import { watchReplay } from './watch-replay.ts';

const HELP = `Replays a window of the archive of the inbox's event bus to one rule.

  npm run replay -- --rule NAME --from TIME [--to TIME] [--stack NAME] [--dry-run]
  npm run replay -- --watch REPLAY
  npm run replay -- --cancel REPLAY

  --rule NAME      the rule on the inbox's bus that shall have the events again; no other gets them
  --from, --to     the window, by when events were received: ISO 8601 with a time zone, such as 2026-11-23T08:00Z,
                   or how long ago, such as 90m, 2h or 3d; --to is now unless given
  --stack NAME     the stack (${STANDARD_STACK})
  --dry-run        says what would be replayed, and to whom; replays nothing
  --watch REPLAY   shows how far a replay is, until it ends
  --cancel REPLAY  ends a replay; what it has replayed stays with the consumer

The rule's targets get each event of the window that matches the rule once more, not in order, so consumers must know an
event by its id. Control and C ends the watching, and leaves the replay running. Exit status 1 unless the replay
completed. The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** A replay before it is started. */
interface ReplayPlan {
  readonly busName: string;
  readonly archive: DescribeArchiveCommandOutput;
  readonly rule: BusRule;
  readonly window: ReplayWindow;
}

/** The command `npm run replay`. */
export async function replay(): Promise<void> {
  const options = readOptions(HELP, {
    rule: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    stack: { type: 'string', default: STANDARD_STACK },
    'dry-run': { type: 'boolean', default: false },
    watch: { type: 'string' },
    cancel: { type: 'string' },
  });
  if (!options) return;
  const { rule, from, to, stack, watch, cancel, 'dry-run': isDryRun } = options;
  if ([rule, watch, cancel].filter((name) => name !== undefined).length !== 1)
    throw new UsageError(`Give one of --rule, --watch and --cancel.\n\n${HELP}`);
  const client = new EventBridgeClient();
  if (cancel !== undefined) return await cancelReplay(client, cancel);
  if (watch !== undefined) return await watchToEnd(client, watch);
  if (!rule || !from) throw new UsageError(`Name a rule, and say from when: --rule and --from.\n\n${HELP}`);
  const now = new Date();
  const window = replayWindow(from, to, now);
  const plan = await planOf(client, { stack, ruleName: rule, window });
  checkRetention(window, plan.archive.RetentionDays ?? 0, now);
  const warning = lagWarning(window, now);
  if (warning) console.error(warning);
  if (isDryRun) return console.log(described(plan));
  checkReach(plan.rule);
  // Before it starts: from then on, whoever interrupts it must learn that it goes on, and by what name.
  const { signal } = interruption();
  await watchToEnd(client, await start(client, plan), signal);
}

/** Ends the watching where the command is interrupted. */
function interruption(): AbortController {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  return interrupted;
}

async function planOf(
  client: EventBridgeClient,
  { stack, ruleName, window }: { stack: string; ruleName: string; window: ReplayWindow },
): Promise<ReplayPlan> {
  const outputs = await stackOutputs(stack);
  const { busName } = forwardingOutputs(outputs);
  const ArchiveName = outputOf(outputs, 'ArchiveName', 'deploy this version of the inbox first.');
  const archive = await withAdvice(`look at the archive ${ArchiveName}`, () =>
    client.send(new DescribeArchiveCommand({ ArchiveName })),
  );
  const rule = await withAdvice(`read the rules of the bus ${busName}`, () => busRule(client, busName, ruleName));
  return { busName, archive, rule, window };
}

/** A replay to nobody would complete all the same. */
function checkReach({ name, isEnabled, targets }: BusRule): void {
  if (!isEnabled) throw new UsageError(`The rule ${name} is disabled, and would take nothing. Enable it first.`);
  if (targets.length === 0) throw new UsageError(`The rule ${name} has no targets: nobody would get the events.`);
}

/** @returns its name */
async function start(client: EventBridgeClient, { archive, rule, window }: ReplayPlan): Promise<string> {
  const name = replayName(rule.name);
  const command = new StartReplayCommand({
    ReplayName: name,
    EventSourceArn: archive.ArchiveArn,
    EventStartTime: window.from,
    EventEndTime: window.to,
    Destination: { Arn: archive.EventSourceArn, FilterArns: [rule.arn] },
  });
  await withAdvice('start the replay', () => client.send(command).catch(withWhatIsNotValid));
  console.log(`Replaying ${spanOf(window)} to the rule ${rule.name}. The replay is ${name}`);
  return name;
}

/** Nothing that was sent is secret, so that its user may see what EventBridge says of it. */
function withWhatIsNotValid(error: Error): never {
  if (error.name !== 'ValidationException') throw error;
  throw new UsageError(`EventBridge does not take the replay: ${error.message}`, { cause: error });
}

/** Of at most 64 characters, which is what EventBridge takes; one name can be used once. */
function replayName(ruleName: string): string {
  const when = new Date().toISOString().slice(0, 19).replaceAll(/[-:]/g, '');
  return `${ruleName.slice(0, 39)}-${when}-${randomBytes(4).toString('hex')}`;
}

async function watchToEnd(client: EventBridgeClient, name: string, signal = interruption().signal): Promise<void> {
  const { state, reason } = await withAdvice(`see how far the replay ${name} is; it may go on`, () =>
    watchReplay(client, name, { signal }),
  );
  if (state === 'COMPLETED') return console.log(`The replay ${name} is complete.`);
  process.exitCode = state === 'INTERRUPTED' ? 130 : 1;
  if (state !== 'INTERRUPTED') return console.error(`The replay ${name} is ${state}: ${reason ?? 'no reason given'}`);
  console.error(`The replay ${name} goes on.
To watch it: npm run replay -- --watch ${name}
To end it:   npm run replay -- --cancel ${name}`);
}

async function cancelReplay(client: EventBridgeClient, name: string): Promise<void> {
  await withAdvice(`cancel the replay ${name}`, () => client.send(new CancelReplayCommand({ ReplayName: name })));
  console.log(`The replay ${name} is being cancelled. What it has replayed stays with the consumer.
To see when it has ended: npm run replay -- --watch ${name}`);
}

function described({ busName, archive, rule, window }: ReplayPlan): string {
  const keeps = archive.RetentionDays ? `${archive.RetentionDays} days` : 'for ever';
  return `Would replay:
  window   ${spanOf(window)}
  archive  ${archive.ArchiveName}, keeps events ${keeps}; about ${archive.EventCount ?? 0} events in all, of any time and for any rule
  bus      ${busName}
  rule     ${rule.name}, ${rule.isEnabled ? 'enabled' : 'disabled: it would take nothing'}
  pattern  ${rule.pattern}
  targets  ${rule.targets.join('\n           ') || 'none: nobody would get the events'}
Nothing was replayed.`;
}

const spanOf = ({ from, to }: ReplayWindow) => `${from.toISOString()} to ${to.toISOString()}`;

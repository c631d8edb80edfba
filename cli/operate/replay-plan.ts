import {
  DescribeArchiveCommand,
  type DescribeArchiveCommandOutput,
  type EventBridgeClient,
} from '@aws-sdk/client-eventbridge';
import { UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { withAdvice } from './aws-errors.ts';
import { type BusRule, busRule } from './bus-rule.ts';
import type { NamedInbox } from './named-inbox.ts';
import type { ReplayWindow } from './replay-window.ts';
import { busNameOf, inboxOutputs, outputOf } from './stack-outputs.ts';

/** A replay before it is started. */
export interface ReplayPlan {
  readonly busName: string;
  readonly archive: DescribeArchiveCommandOutput;
  readonly rule: BusRule;
  readonly window: ReplayWindow;
}

/** Options of a replay. */
export interface ReplayPlanOptions {
  readonly named: NamedInbox;
  readonly ruleName: string;
  readonly window: ReplayWindow;
}

const WITHOUT_ARCHIVE = `the inbox was deployed without an archive, so there is nothing to replay.
Deploy it without archive: false to archive the events that arrive from then on. To put single events on the bus again,
read them from the table: ${invocation('redeliver')}.`;

/**
 * Reads what a replay needs: the archive and the rule.
 * @throws {UsageError} if the inbox or the rule does not exist, or AWS cannot be asked
 */
export async function replayPlan(client: EventBridgeClient, options: ReplayPlanOptions): Promise<ReplayPlan> {
  const { named, ruleName, window } = options;
  const outputs = await inboxOutputs(named);
  const busName = busNameOf(outputs);
  const ArchiveName = outputOf(outputs, 'ArchiveName', WITHOUT_ARCHIVE);
  const archive = await withAdvice(`describe the archive ${ArchiveName}`, () =>
    client.send(new DescribeArchiveCommand({ ArchiveName })),
  );
  const rule = await withAdvice(`read the rules of the bus ${busName}`, () => busRule(client, busName, ruleName));
  return { busName, archive, rule, window };
}

/**
 * Checks that a rule delivers to somebody: a replay to nobody would complete all the same.
 * @throws {UsageError} if the rule is disabled or has no targets
 */
export function checkReach({ name, isEnabled, targets }: BusRule): void {
  if (!isEnabled) throw new UsageError(`The rule ${name} is disabled, and would match nothing. Enable it first.`);
  if (targets.length === 0) throw new UsageError(`The rule ${name} has no targets: nobody would get the events.`);
}

/** The plan as text, for a dry run. */
export function describePlan({ busName, archive, rule, window }: ReplayPlan): string {
  const keeps = archive.RetentionDays ? `${archive.RetentionDays} days` : 'for ever';
  return `Would replay:
  window   ${spanOf(window)}
  archive  ${archive.ArchiveName}, keeps events ${keeps}; about ${archive.EventCount ?? 0} events in all, of any time and for any rule
  bus      ${busName}
  rule     ${rule.name}, ${rule.isEnabled ? 'enabled' : 'disabled: it would match nothing'}
  pattern  ${rule.pattern}
  targets  ${rule.targets.join('\n           ') || 'none: nobody would get the events'}
Nothing was replayed.`;
}

/** A window as text. */
export const spanOf = ({ from, to }: ReplayWindow) => `${from.toISOString()} to ${to.toISOString()}`;

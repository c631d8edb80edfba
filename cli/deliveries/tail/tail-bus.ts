import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as v from 'valibot';
import { UsageError } from '../../arguments.ts';
import { withAdvice } from '../../operate/aws-errors.ts';
import type { NamedInbox } from '../../operate/named-inbox.ts';
import { sourceNames } from '../../operate/receiver-sources.ts';
import { busNameOf, inboxOutputs } from '../../operate/stack-outputs.ts';
import { print, printError } from '../../print.ts';
import { printableJson } from '../../printable.ts';
import { tableLines } from '../../table.ts';
import { localTime } from '../../times.ts';
import { checkSources } from '../check-sources.ts';
import { createTemporaryRule, removeAbandonedRules, type TailClients, type TemporaryRule } from './temporary-rule.ts';

/** What of the bus is shown, and how. */
export interface TailBusOptions {
  /** Empty for all. */
  readonly sources: readonly string[];
  readonly isJson: boolean;
}

/** How often a run says that it still needs its rule, in milliseconds. */
const EXTEND_MS = 5 * 60_000;

/**
 * Shows what consumers get from the bus until the signal aborts, with a temporary rule and queue, which it removes.
 * @throws {UsageError} if the inbox does not forward events, or a call is refused
 */
export async function tailBus(named: NamedInbox, options: TailBusOptions, signal: AbortSignal): Promise<void> {
  const outputs = await inboxOutputs(named);
  const busName = busNameOf(outputs);
  if (options.sources.length > 0) checkSources(options.sources, await sourceNames(named, outputs));
  const clients = { eventbridge: new EventBridgeClient(), sqs: new SQSClient({ useQueueUrlAsEndpoint: false }) };
  await removeAbandoned(clients, busName);
  const sources = options.sources.length > 0 ? options.sources : undefined;
  const rule = await withAdvice('create a temporary rule and queue', () =>
    createTemporaryRule(clients, busName, sources),
  );
  try {
    printError(`Showing what consumers get from the bus ${busName}. Ctrl-C ends it.`);
    await show(rule, options, signal);
  } finally {
    await withAdvice('remove the temporary rule and queue, which a later tail --bus removes', rule.remove);
    printError('The temporary rule and its queue are removed.');
  }
}

async function removeAbandoned(clients: TailClients, busName: string): Promise<void> {
  const count = await withAdvice('find temporary rules', () => removeAbandonedRules(clients, busName, Date.now()));
  if (count > 0) printError(`Removed what ${count === 1 ? 'a run' : `${count} runs`} left that had been killed.`);
}

async function show(rule: TemporaryRule, { isJson }: TailBusOptions, signal: AbortSignal): Promise<void> {
  let extendedAt = Date.now();
  while (!signal.aborted) {
    for (const event of await receiveUntilAborted(rule, signal)) print(isJson ? event : describe(event));
    if (Date.now() - extendedAt < EXTEND_MS) continue;
    await withAdvice('extend the temporary rule', rule.extend);
    extendedAt = Date.now();
  }
}

async function receiveUntilAborted(rule: TemporaryRule, signal: AbortSignal): Promise<readonly string[]> {
  try {
    return await withAdvice('receive events', () => rule.receive(signal));
  } catch (error) {
    if (signal.aborted) return [];
    throw error;
  }
}

const BusEvent = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    source: v.string(),
    'detail-type': v.string(),
    time: v.string(),
    detail: v.record(v.string(), v.unknown()),
  }),
);

/** The line of an event, and its detail. */
function describe(json: string): string {
  const event = v.safeParse(BusEvent, json);
  if (!event.success) throw new UsageError('The queue has a message that is no event of a bus.');
  const { source, 'detail-type': type, time, detail } = event.output;
  const [line = ''] = tableLines([[localTime(Date.parse(time)), source, type]], false, [19, 24]);
  return `${line}\n${printableJson(detail)}`;
}

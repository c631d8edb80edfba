import { readArguments, UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { print, printError } from '../print.ts';
import { printableLine } from '../printable.ts';
import { reasonOf } from './aws-errors.ts';
import { STANDARD_STACK } from './named-inbox.ts';
import { readIds } from './read-ids.ts';
import { redelivery } from './redelivery.ts';
import { type NamedResources, redeliveryResources } from './redelivery-resources.ts';

const HELP = `Puts stored events on the inbox's event bus again.

  ${invocation('redeliver', '<source> <event-id>... [--stack NAME] [--inbox NAME] [--dry-run]')}
  ${invocation('redeliver', '<source> <event-id>... --table NAME [--bus NAME] [--bucket NAME] [--dry-run]')}
  ${invocation('redeliver', '<source> - < FILE')}

  <source>       the events' source, such as partner
  <event-id>     the provider's id of an event; - reads ids from standard input, one per line
  --stack NAME   the stack that has the inbox (${STANDARD_STACK})
  --inbox NAME   the inbox, if the stack has several
  --dry-run      lists the events without putting them
  --table NAME   the table to read, in place of the inbox's: one that a deleted stack left, for example
  --bus NAME     with --table: the bus, by name or ARN, in place of the inbox's; then no stack is needed
  --bucket NAME  with --table: the bucket that holds the table's large payloads, if it has any; consumers get its name

Every rule that matches gets the events again, so consumers must recognize an event by its id. Exit status 1 unless all
were put; standard error names the others. The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** The outcome for an event: what was put, or why nothing was. */
type RedeliverOutcome = { readonly description: string } | { readonly failure: string };

/** Redelivers an event by its id. */
type Redeliver = (eventId: string) => Promise<RedeliverOutcome>;

/** The command `webhook-inbox redeliver`. */
export async function redeliver(): Promise<void> {
  const given = readArguments(HELP, {
    stack: { type: 'string' },
    inbox: { type: 'string' },
    table: { type: 'string' },
    bus: { type: 'string' },
    bucket: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
  });
  if (!given) return;
  const { 'dry-run': isDryRun, ...named } = given.values;
  const [source, ...args] = given.positionals;
  if (!source || args.length === 0) throw new UsageError(`Name a source and its events.\n\n${HELP}`);
  const eventIds = await readIds(args, 'event ids');
  await redeliverAll(eventIds, isDryRun, await redeliverFrom(source, named, isDryRun));
}

async function redeliverFrom(source: string, named: NamedResources, isDryRun: boolean): Promise<Redeliver> {
  const resources = await redeliveryResources(named);
  const redeliverItem = redelivery(resources, isDryRun);
  return async (eventId) => {
    const result = await redeliverItem(`${source}#${eventId}`);
    if (!result) return { failure: `no such event of ${source} in the table ${resources.tableName}` };
    if ('description' in result) return result;
    return { failure: `EventBridge refuses it, with and without its payload: ${result.refusal}` };
  };
}

/** Redelivers events one after the other, in order. After a failure it continues with the next one. */
async function redeliverAll(eventIds: readonly string[], isDryRun: boolean, redeliverOne: Redeliver): Promise<void> {
  let failed = 0;
  for (const [index, eventId] of eventIds.entries()) {
    const outcome = await redeliverOne(eventId).catch(failureOf);
    if ('failure' in outcome) failed += 1;
    else if (isDryRun) print(`${printableLine(eventId)}: would put ${printableLine(outcome.description)}`);
    showProgress(outcome, eventId, eventIds.length > 1 ? `${index + 1}/${eventIds.length} ` : '');
  }
  print(`${eventIds.length - failed} ${isDryRun ? 'would be put' : 'put'} on the bus, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** For a single event, shows only a failure. */
function showProgress(outcome: RedeliverOutcome, eventId: string, place: string): void {
  const line = `${place}${printableLine(eventId)}`;
  if ('failure' in outcome) printError(`${line}: failed: ${outcome.failure}`);
  else if (place) printError(`${line}: done`);
}

function failureOf(error: unknown): RedeliverOutcome {
  return { failure: reasonOf(error, 'read or put it') };
}

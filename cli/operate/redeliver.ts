import { readArguments, UsageError } from '../arguments.ts';
import { countOf, queryOf } from '../deliveries/query-options.ts';
import { invocation } from '../invocation.ts';
import { print, printError } from '../print.ts';
import { printableLine } from '../printable.ts';
import { TIMES_HELP } from '../times.ts';
import { reasonOf } from './aws-errors.ts';
import { checkSourceOf } from './check-source-of.ts';
import { STANDARD_STACK } from './named-inbox.ts';
import { readIds } from './read-ids.ts';
import { redelivery } from './redelivery.ts';
import { readRedelivery } from './redelivery-file.ts';
import { type NamedResources, redeliveryResources } from './redelivery-resources.ts';

const HELP = `Puts stored events on the inbox's event bus again.

  ${invocation('redeliver', '<source> <event-id>... [--stack NAME] [--inbox NAME] [--dry-run]')}
  ${invocation('redeliver', '<source> <event-id>... --table NAME [--bus NAME] [--bucket NAME] [--dry-run]')}
  ${invocation('redeliver', '<source> - < FILE')}
  ${invocation('redeliver', "<source> --from TIME [--to TIME] [--type 'invoice.*'] [--rate 20/s] [--dry-run] [--scan]")}
  ${invocation('redeliver', '--resume FILE [--rate 20/s]')}

  <source>       the events' source, such as partner
  <event-id>     the provider's id of an event; - reads ids from standard input, one per line
  --stack NAME   the stack that has the inbox (${STANDARD_STACK})
  --inbox NAME   the inbox, if the stack has several
  --source NAME  the same as <source>
  --from, --to   all events that were stored in this window; --to is now by default
  --since TIME   the same as --from
  --type PATTERN with a window: the types, in which * is any text; may be repeated
  --rate 20/s    the most events per second (one after the other, without a pause)
  --scan         with a window: finds the events in the table, which reads all of it, rather than in the receiver's log
  --resume FILE  continues with what an interrupted redelivery left, or what failed in it
  --dry-run      lists the events without putting them
  --table NAME   the table to read, in place of the inbox's: one that a deleted stack left, for example
  --bus NAME     with --table: the bus, by name or ARN, in place of the inbox's; then no stack is needed
  --bucket NAME  with --table: the bucket that holds the table's large payloads, if it has any; consumers get its name

${TIMES_HELP}
The log has the events of a month (logRetention). It does not have those that were accepted from quarantine, and of
a body of several events it lists 100; --scan finds these too. Ctrl-C stops after the current event.

Every rule that matches gets the events again, so consumers must recognize an event by its id. Exit status 1 unless all
were put; standard error names the others. The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** The outcome for an event: what was put, or why nothing was. */
type RedeliverOutcome = { readonly description: string } | { readonly failure: string };

/** Redelivers an event by its id. */
type Redeliver = (eventId: string) => Promise<RedeliverOutcome>;

/** The command `webhook-inbox redeliver`. */
export async function redeliver(): Promise<void> {
  const given = readArguments(HELP, OPTIONS);
  if (!given) return;
  const { source: named, ...values } = given.values;
  const [source, ...args] = named === undefined ? given.positionals : [named, ...given.positionals];
  const perSecond = values.rate === undefined ? undefined : rateOf(values.rate);
  const isWindow = values.from !== undefined || values.since !== undefined;
  if (values.resume !== undefined) return await resume(values.resume, perSecond, source);
  if (isWindow) return await redeliverWindow(source, args, values, perSecond);
  const misplaced = WINDOW_OPTIONS.find((option) => values[option]);
  if (misplaced) throw new UsageError(`--${misplaced} goes with a window: give --from or --since.\n\n${HELP}`);
  if (!source || args.length === 0) throw new UsageError(`Name a source and its events.\n\n${HELP}`);
  const { 'dry-run': isDryRun } = values;
  const eventIds = await readIds(args, 'event ids');
  await redeliverAll(eventIds, isDryRun, await redeliverFrom(source, resourcesIn(values), isDryRun));
}

const OPTIONS = {
  stack: { type: 'string' },
  inbox: { type: 'string' },
  table: { type: 'string' },
  bus: { type: 'string' },
  bucket: { type: 'string' },
  source: { type: 'string' },
  from: { type: 'string' },
  to: { type: 'string' },
  since: { type: 'string' },
  type: { type: 'string', multiple: true },
  rate: { type: 'string' },
  scan: { type: 'boolean', default: false },
  resume: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
} as const;

/** The options that only a window has. */
const WINDOW_OPTIONS = ['to', 'type', 'rate', 'scan'] as const;

type Values = NonNullable<ReturnType<typeof readArguments<typeof OPTIONS>>>['values'];

const resourcesIn = ({ stack, inbox, table, bus, bucket }: Values): NamedResources => ({
  stack,
  inbox,
  table,
  bus,
  bucket,
});

/** @throws {UsageError} unless it is a number per second */
function rateOf(text: string): number {
  return countOf('--rate', text.replace(/\/s$/, ''));
}

async function resume(path: string, perSecond: number | undefined, source: string | undefined): Promise<void> {
  if (source !== undefined) throw new UsageError('--resume has the source and its events in its file.');
  const file = readRedelivery(path);
  const { redeliverFile } = await import('./redeliver-query.ts');
  await redeliverFile(file, { perSecond, isDryRun: false });
}

async function redeliverWindow(
  source: string | undefined,
  eventIds: readonly string[],
  values: Values,
  perSecond: number | undefined,
): Promise<void> {
  if (!source) throw new UsageError(`Name a source.\n\n${HELP}`);
  if (eventIds.length > 0) throw new UsageError('Give event ids, or a window; not both.');
  const now = new Date();
  const window = queryOf(values, [], { now, defaultFrom: 0 });
  const { redeliverQuery } = await import('./redeliver-query.ts');
  await redeliverQuery({ ...window, sources: [source] }, resourcesIn(values), {
    perSecond,
    isDryRun: values['dry-run'],
    isScan: values.scan,
  });
}

async function redeliverFrom(source: string, named: NamedResources, isDryRun: boolean): Promise<Redeliver> {
  const resources = await redeliveryResources(named);
  const redeliverItem = redelivery(resources, isDryRun);
  let checked: Promise<void> | undefined;
  return async (eventId) => {
    const result = await redeliverItem(`${source}#${eventId}`);
    if (!result) {
      checked ??= checkSourceOf(named, source);
      await checked;
    }
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

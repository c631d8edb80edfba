import { readArguments, UsageError } from '../arguments.ts';
import { showsColours } from '../colour.ts';
import { interruption } from '../interruption.ts';
import { invocation } from '../invocation.ts';
import { print, printError } from '../print.ts';
import { localTime, TIMES_HELP, timeZone } from '../times.ts';
import { checkSources } from './check-sources.ts';
import type { Delivery, DeliveryQuery } from './delivery-log.ts';
import { eventMatcher } from './delivery-matcher.ts';
import { INBOX_HELP, INBOX_OPTIONS, isLocal, openInbox } from './open-inbox.ts';
import { type PrintOptions, printDeliveries } from './print-deliveries.ts';
import { QUERY_HELP, QUERY_OPTIONS, queryOf } from './query-options.ts';

const HELP = `Lists the deliveries of an inbox and their events, the newest last.

  ${invocation('events', "[source...] [--from 14:00 --to 14:10 | --since 2h] [--type 'invoice.*'] [--outcome LIST]")}
  ${invocation('events', '[source...] --follow')}
  ${invocation('events', `<source> --ids | ${invocation('redeliver', '<source> -')}`)}

  [source...]     the sources (all, and requests to none)
  ${QUERY_HELP}
  --follow        continues with what comes, until Ctrl-C
  --json          one delivery per line, in JSON
  --ids           the event ids of one source alone, each once: for redeliver
  ${INBOX_HELP}

${TIMES_HELP}
Without --from, a deployed inbox lists the last hour, and the one on this machine all that it keeps: 10,000 deliveries. A
deployed inbox keeps them for a month (logRetention); a window of more than 20 minutes is searched with CloudWatch Logs
Insights, for which AWS charges by the size of the log in that window. No payload is listed: inspect shows one. The
account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** An hour, in milliseconds. */
const HOUR_MS = 3_600_000;

/** The command `webhook-inbox events`. */
export async function events(environment: NodeJS.ProcessEnv): Promise<void> {
  const given = readArguments(HELP, {
    ...QUERY_OPTIONS,
    ...INBOX_OPTIONS,
    follow: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    ids: { type: 'boolean', default: false },
  });
  if (!given) return;
  const { follow: isFollowing, json: isJson, ids: isIds, ...values } = given.values;
  checkForm({ isFollowing, isJson, isIds, hasEnd: values.to !== undefined }, given.positionals);
  const now = new Date();
  const defaultFrom = isFollowing ? now.getTime() : startOfList(now, isLocal(values));
  const query = queryOf(values, given.positionals, { now, defaultFrom });
  const { deliveries, sourceNames } = await openInbox(values, environment);
  const checkNames = async () => checkSources(given.positionals, await sourceNames?.());
  if (isFollowing) await checkNames();
  const signal = interruption();
  const found = isFollowing ? deliveries.follow(query, signal) : deliveries.list(query, signal);
  const form = { query, isFollowing, isJson, isIds, hasColours: showsColours(environment) };
  const count = await printFound(found, form);
  if (isFollowing || signal.aborted) return;
  // A source that the inbox no longer has may have deliveries.
  if (count === 0) await checkNames();
  if (!isJson && !isIds) await printSummary(count, query, isLocal(values));
}

/** All of a local inbox, whose list is short, and an hour of a deployed one. */
const startOfList = (now: Date, isOfThisMachine: boolean) => (isOfThisMachine ? 0 : now.getTime() - HOUR_MS);

/** @returns how many there were */
async function printFound(
  found: AsyncIterable<Delivery>,
  { isJson, isIds, ...options }: Pick<Form, 'isJson' | 'isIds'> & PrintOptions & { readonly query: DeliveryQuery },
): Promise<number> {
  if (isJson) return await printJson(found);
  return await (isIds ? printIds(found, options.query) : printDeliveries(found, options));
}

/** @param isOfThisMachine whether names of sources may be mistyped, since nothing lists those of a local inbox */
async function printSummary(count: number, query: DeliveryQuery, isOfThisMachine: boolean): Promise<void> {
  printError(summary(count, query));
  if (count > 0 || !isOfThisMachine) return;
  const { sourceHint } = await import('./local/source-hint.ts');
  const hint = sourceHint(query.sources ?? []);
  if (hint !== undefined) printError(hint);
}

interface Form {
  readonly isFollowing: boolean;
  readonly isJson: boolean;
  readonly isIds: boolean;
  readonly hasEnd: boolean;
}

function checkForm({ isFollowing, isJson, isIds, hasEnd }: Form, sources: readonly string[]): void {
  if (isJson && isIds) throw new UsageError('Give --json or --ids, not both.');
  if (isIds && sources.length !== 1)
    throw new UsageError('--ids is for one source, as redeliver is: name it before the options.');
  if (isFollowing && hasEnd) throw new UsageError('--follow has no end: leave --to out.');
}

async function printJson(found: AsyncIterable<Delivery>): Promise<number> {
  let count = 0;
  for await (const delivery of found) {
    count += 1;
    print(JSON.stringify(delivery));
  }
  return count;
}

async function printIds(found: AsyncIterable<Delivery>, query: DeliveryQuery): Promise<number> {
  const isShown = eventMatcher(query);
  const printed = new Set<string>();
  let count = 0;
  for await (const { events: all } of found) {
    count += 1;
    for (const { id } of all.filter(isShown)) {
      if (id === undefined || printed.has(id)) continue;
      printed.add(id);
      printId(id);
    }
  }
  return count;
}

/** Another command needs an id as it is; a terminal, and an id of several lines, need escapes. */
function printId(id: string): void {
  if (process.stdout.isTTY || /[\r\n]/.test(id)) print(id);
  else process.stdout.write(`${id}\n`);
}

function summary(count: number, { from, to = 0, limit }: DeliveryQuery): string {
  const deliveries = count === 1 ? '1 delivery' : `${count} deliveries`;
  // There may be more.
  const newest = count === limit ? 'The newest ' : '';
  const start = from === 0 ? '' : ` from ${localTime(from)}`;
  return `${newest}${deliveries}${start} to ${localTime(to)}, in the time zone ${timeZone(to)}`;
}

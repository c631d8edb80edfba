import { readArguments, UsageError } from '../arguments.ts';
import { showsColours } from '../colour.ts';
import { interruption } from '../interruption.ts';
import { invocation } from '../invocation.ts';
import { print, printError } from '../print.ts';
import { localTime, TIMES_HELP, timeZone } from '../times.ts';
import type { Delivery, DeliveryQuery } from './delivery-log.ts';
import { eventMatcher } from './delivery-matcher.ts';
import { INBOX_HELP, INBOX_OPTIONS, isLocal, openInbox } from './open-inbox.ts';
import { printDeliveries } from './print-deliveries.ts';
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
  const start = isLocal(values) ? 0 : now.getTime() - HOUR_MS;
  const query = queryOf(values, given.positionals, { now, defaultFrom: isFollowing ? now.getTime() : start });
  const { deliveries } = await openInbox(values, environment);
  const signal = interruption();
  const found = isFollowing ? deliveries.follow(query, signal) : deliveries.list(query, signal);
  if (isJson) return await printJson(found);
  if (isIds) return await printIds(found, query);
  const count = await printDeliveries(found, { query, isFollowing, hasColours: showsColours(environment) });
  if (!isFollowing) printError(summary(count, query));
  if (count === 0 && isLocal(values)) await printHint(given.positionals);
}

async function printHint(sources: readonly string[]): Promise<void> {
  const { sourceHint } = await import('./local/source-hint.ts');
  const hint = sourceHint(sources);
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

async function printJson(found: AsyncIterable<Delivery>): Promise<void> {
  for await (const delivery of found) print(JSON.stringify(delivery));
}

async function printIds(found: AsyncIterable<Delivery>, query: DeliveryQuery): Promise<void> {
  const isShown = eventMatcher(query);
  const printed = new Set<string>();
  for await (const { events: all } of found) {
    for (const { id } of all.filter(isShown)) {
      if (id === undefined || printed.has(id)) continue;
      printed.add(id);
      print(id);
    }
  }
}

function summary(count: number, { from, to = 0 }: DeliveryQuery): string {
  const deliveries = count === 1 ? '1 delivery' : `${count} deliveries`;
  const start = from === 0 ? '' : ` from ${localTime(from)}`;
  return `${deliveries}${start} to ${localTime(to)}, in the time zone ${timeZone()}`;
}

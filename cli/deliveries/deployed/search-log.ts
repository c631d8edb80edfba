import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { progressOf } from '../../progress.ts';
import type { Delivery, DeliveryQuery } from '../delivery-log.ts';
import { deliveryMatcher } from '../delivery-matcher.ts';
import { deliveryOfLine } from '../delivery-of-line.ts';
import type { DeliveryPage, ReadOptions, SearchQuery } from '../delivery-page.ts';
import { MAX_RESULTS, runInsightsQuery } from './logs-insights.ts';

/**
 * Searches the log with Logs Insights. A query has at most 10,000 results, the newest, so that several may be needed.
 * Within a second that has more lines than that, it does not find all.
 * @returns in the order of their time
 */
export async function searchLog(
  client: CloudWatchLogsClient,
  logGroupName: string,
  query: SearchQuery,
  signal?: AbortSignal,
): Promise<readonly Delivery[]> {
  const { limit = Number.POSITIVE_INFINITY } = query;
  const found = new Map<string, Delivery>();
  const progress = progressOf({ everyMs: 5_000 });
  for (let to: number | undefined = query.to; to !== undefined && found.size < limit; ) {
    const { deliveries, next } = await searchWindow(client, logGroupName, { query, to }, { progress, signal });
    for (const delivery of deliveries) found.set(`${delivery.requestId} ${delivery.time}`, delivery);
    to = next;
  }
  progress.end();
  return [...found.values()].toSorted((one, other) => one.time - other.time);
}

/**
 * Searches with one query.
 * @param window the end of the window may be before that of the query
 */
export async function searchWindow(
  client: CloudWatchLogsClient,
  logGroupName: string,
  { query, to }: { readonly query: DeliveryQuery; readonly to: number },
  options: ReadOptions,
): Promise<DeliveryPage> {
  const input = { logGroupName, queryString: insightsQuery(query), from: query.from, to };
  return windowOf(await runInsightsQuery(client, input, options), query, to);
}

function windowOf(
  results: readonly Readonly<Record<string, string>>[],
  query: DeliveryQuery,
  to: number,
): DeliveryPage {
  const lines = results.flatMap((result) => deliveryOfLine(result['@message'] ?? '') ?? []);
  const deliveries = lines.filter(deliveryMatcher(query));
  const oldest = lines.at(-1)?.time;
  if (results.length < MAX_RESULTS || oldest === undefined) return { deliveries, next: undefined };
  // The query after this one includes the whole second of its end.
  const second = Math.floor(oldest / 1000) * 1000;
  const next = second < to ? second : second - 1000;
  return { deliveries, next: next + 1000 > query.from ? next : undefined };
}

/**
 * What is filtered in the log, so that few lines are read from it: a body of several events counts them by outcome, and
 * lists their types.
 */
function insightsQuery({ sources, outcomes, types, text }: DeliveryQuery): string {
  const ofTypes =
    types &&
    patternOf(
      types.map((type) => type.split(/\*+/)),
      '[^"]*',
    );
  const withText = text && patternOf([[text]], '');
  const filters = [
    'message = "delivery"',
    ...(sources ? [`source in [${sources.map((source) => JSON.stringify(source)).join(', ')}]`] : []),
    ...(outcomes ? [outcomes.map((each) => `outcome = "${each}" or events.${each} > 0`).join(' or ')] : []),
    ...(ofTypes ? [`@message like /"event_type":"(${ofTypes})"/`] : []),
    ...(withText ? [`@message like /(?i)${withText}/`] : []),
  ].map((filter) => `filter ${filter}`);
  return ['fields @timestamp, @message', ...filters, 'sort @timestamp desc', `limit ${MAX_RESULTS}`].join('\n| ');
}

/** @returns undefined for texts that JSON or a regular expression may write in another way: these are filtered here */
function patternOf(texts: readonly (readonly string[])[], between: string): string | undefined {
  if (!texts.flat().every((part) => /^[\w.:#@-]*$/.test(part))) return undefined;
  return texts.map((parts) => parts.map((part) => part.replaceAll('.', '\\.')).join(between)).join('|');
}

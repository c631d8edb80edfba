import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { withAdvice } from '../../operate/aws-errors.ts';
import type { Delivery } from '../delivery-log.ts';
import type { DeliveryPage, FindPage, ReadOptions, SearchQuery } from '../delivery-page.ts';
import { MAX_READ_MS, READ_LOG } from './deployed-delivery-log.ts';
import { filterLogEvents } from './filter-log-events.ts';
import { MAX_RESULTS } from './logs-insights.ts';
import { searchWindow } from './search-log.ts';

/** A second, in milliseconds. */
const SECOND_MS = 1_000;

/**
 * Finds the newest deliveries of a query, with at most one query of Logs Insights: none if the window is short and has at
 * most 10,000 of them.
 * @throws {UsageError} if the log cannot be read
 */
export function deployedPage(client: CloudWatchLogsClient, logGroupName: string): FindPage {
  async function find(query: SearchQuery, options: ReadOptions): Promise<DeliveryPage> {
    const isShort = query.to - query.from <= MAX_READ_MS;
    const lines = isShort ? await readLines(client, logGroupName, query, options) : undefined;
    if (lines) return { deliveries: lines, next: undefined };
    const { deliveries, next } = await searchWindow(client, logGroupName, { query, to: query.to }, options);
    return { deliveries, next: next === undefined ? undefined : endAfter(next, query.to) };
  }
  return (query, options) =>
    withAdvice(READ_LOG, async () => {
      const { deliveries, next } = await find(query, options);
      return { deliveries: deliveries.toSorted((one, other) => one.time - other.time), next };
    });
}

/**
 * The time after a second, which may be searched again in part. It is always before the end of this window: a second may
 * have more lines than a query finds.
 */
function endAfter(second: number, end: number): number {
  const lastSecond = Math.floor((end - 1) / SECOND_MS) * SECOND_MS;
  return Math.min(second + SECOND_MS, lastSecond);
}

/** @returns undefined if there are too many: the oldest are read first */
async function readLines(
  client: CloudWatchLogsClient,
  logGroupName: string,
  query: SearchQuery,
  { progress, signal }: ReadOptions,
): Promise<readonly Delivery[] | undefined> {
  const found: Delivery[] = [];
  progress.show('Reading the log');
  for await (const { delivery } of filterLogEvents(client, logGroupName, query, signal)) {
    if (found.push(delivery) > MAX_RESULTS) return undefined;
    if (found.length % 500 === 0) progress.show(`Reading the log: ${found.length} deliveries found`);
  }
  return found;
}

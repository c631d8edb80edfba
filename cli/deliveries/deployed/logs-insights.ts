import {
  type CloudWatchLogsClient,
  GetQueryResultsCommand,
  type GetQueryResultsCommandOutput,
  type ResultField,
  StartQueryCommand,
  StopQueryCommand,
} from '@aws-sdk/client-cloudwatch-logs';
import { UsageError } from '../../arguments.ts';
import type { ReadOptions } from '../delivery-page.ts';
import { wait } from '../wait.ts';

/** A query of Logs Insights. */
export interface InsightsQuery {
  readonly logGroupName: string;
  readonly queryString: string;
  /** Epoch milliseconds. */
  readonly from: number;
  /** Epoch milliseconds, after the last. */
  readonly to: number;
}

/** A result, by field. */
export type InsightsResult = Readonly<Record<string, string>>;

/** The most results of a query. */
export const MAX_RESULTS = 10_000;

/** How often the state of a query is read, in milliseconds. */
const INTERVAL_MS = 500;

/**
 * Runs a query to its end. If the signal aborts, it stops the query, which is paid for by what it has scanned.
 * @throws {UsageError} if the query does not complete
 * @see https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_StartQuery.html
 */
export async function runInsightsQuery(
  client: CloudWatchLogsClient,
  { logGroupName, queryString, from, to }: InsightsQuery,
  { progress, signal }: ReadOptions,
): Promise<readonly InsightsResult[]> {
  // Its times are whole seconds, both inclusive.
  const [startTime, endTime] = [Math.floor(from / 1000), Math.ceil(to / 1000)];
  const start = new StartQueryCommand({ logGroupName, queryString, startTime, endTime, limit: MAX_RESULTS });
  const { queryId } = await client.send(start);
  const read = () => client.send(new GetQueryResultsCommand({ queryId }));
  let state = await read();
  while (isUnfinished(state) && !signal?.aborted) {
    progress.show(`Searching the log: ${state.statistics?.recordsScanned ?? 0} lines read`);
    await wait(INTERVAL_MS, signal);
    state = await read();
  }
  if (isUnfinished(state)) await client.send(new StopQueryCommand({ queryId }));
  if (state.status === 'Complete' || signal?.aborted) return state.results?.map(resultOf) ?? [];
  throw new UsageError(`The search of the log ended as ${state.status}.`);
}

/** A time in a result: epoch milliseconds, or UTC without a time zone. */
export function insightsTime(text: string): number {
  return /^\d+(\.\d+)?(E\d+)?$/i.test(text) ? Number(text) : Date.parse(`${text.replace(' ', 'T')}Z`);
}

const isUnfinished = ({ status }: GetQueryResultsCommandOutput) => status === 'Scheduled' || status === 'Running';

function resultOf(fields: readonly ResultField[]): InsightsResult {
  return Object.fromEntries(fields.map(({ field = '', value = '' }) => [field, value]));
}

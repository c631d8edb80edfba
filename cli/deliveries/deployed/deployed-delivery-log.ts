import type { CloudWatchLogsClient } from '@aws-sdk/client-cloudwatch-logs';
import { withAdvice } from '../../operate/aws-errors.ts';
import type { Delivery, DeliveryLog, DeliveryQuery } from '../delivery-log.ts';
import { wait } from '../wait.ts';
import { filterLogEvents, type LoggedDelivery } from './filter-log-events.ts';
import { searchLog } from './search-log.ts';

/** Where the lines are, and how often they are read. */
export interface DeployedLogOptions {
  readonly logGroupName: string;
  /** How often new lines are read, in milliseconds. @default 2_000 */
  readonly pollMs?: number;
}

/** The longest window that is read line by line; Logs Insights searches a longer one. 20 minutes, in milliseconds. */
export const MAX_READ_MS = 20 * 60_000;

/** How late a line may come into the log, in milliseconds: so long, the last lines are read again. */
const LATE_MS = 60_000;

/** What fails if the log cannot be read. */
export const READ_LOG = "read the receiver's log";

/**
 * The deliveries of a deployed inbox: the log of its receiver has a line for each, for as long as the log is kept. A short
 * window is read with `FilterLogEvents`, which is free; a longer one is searched with Logs Insights, which is paid for by
 * what it reads of the log.
 */
export function deployedDeliveryLog(client: CloudWatchLogsClient, options: DeployedLogOptions): DeliveryLog {
  const { logGroupName, pollMs = 2_000 } = options;

  async function linesOf(query: DeliveryQuery, signal?: AbortSignal): Promise<readonly LoggedDelivery[]> {
    const found: LoggedDelivery[] = [];
    for await (const line of filterLogEvents(client, logGroupName, query, signal)) found.push(line);
    return found.toSorted((one, other) => one.delivery.time - other.delivery.time);
  }

  async function find(query: DeliveryQuery, to: number, signal?: AbortSignal): Promise<readonly Delivery[]> {
    if (to - query.from > MAX_READ_MS) return await searchLog(client, logGroupName, { ...query, to }, signal);
    return (await linesOf(query, signal)).map(({ delivery }) => delivery);
  }

  return {
    async *list(query, signal) {
      const { to = Date.now(), limit = Number.POSITIVE_INFINITY } = query;
      const found = await withAdvice(READ_LOG, () =>
        find(query, to, signal).catch((error) => noneIfAborted(error, signal)),
      );
      yield* found.slice(-limit);
    },
    async *follow({ to: _, ...query }, signal, onListed) {
      const shown = new Map<string, number>();
      let { from } = query;
      while (!signal.aborted) {
        const read = () => linesOf({ ...query, from }, signal);
        const lines = await withAdvice(READ_LOG, () => read().catch((error) => noneIfAborted(error, signal)));
        yield* newOnes(lines, shown);
        onListed?.();
        from = Math.max(query.from, Date.now() - LATE_MS);
        forget(shown, from);
        await wait(pollMs, signal);
      }
    },
  };
}

function noneIfAborted(error: unknown, signal: AbortSignal | undefined): readonly never[] {
  if (signal?.aborted) return [];
  throw error;
}

/** Those that were not shown yet, which are noted. */
function* newOnes(lines: readonly LoggedDelivery[], shown: Map<string, number>): Generator<Delivery> {
  for (const { delivery, lineId } of lines) {
    const isNew = !shown.has(lineId);
    shown.set(lineId, delivery.time);
    if (isNew) yield delivery;
  }
}

/** Lines before a time are not read again. */
function forget(shown: Map<string, number>, before: number): void {
  for (const [lineId, time] of shown) if (time < before) shown.delete(lineId);
}

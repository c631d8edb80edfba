import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { SECRET } from './contestants.ts';
import { genericDelivery, genericEvent } from './deliveries.ts';
import { startFront } from './front.ts';

/** Throughput and latency of `npm start` with one number of connections. */
export interface Load {
  readonly connections: number;
  /** Stored events per second. */
  readonly eventsPerSecond: number;
  /** Median latency in milliseconds. */
  readonly p50: number;
  /** 99th percentile of the latency in milliseconds. */
  readonly p99: number;
}

/**
 * Sends signed new events to `npm start` as fast as it accepts them.
 * @param connections numbers of concurrent connections, measured one after the other
 * @param seconds of load per number of connections
 * @throws {Error} if a response is not 200
 */
export async function measureLoad(connections: readonly number[], seconds: number): Promise<Load[]> {
  await using front = startFront(SECRET);
  const url = `${await front.url}/webhooks/generic`;
  const loads: Load[] = [];
  await sendEvents(url, 8, 1);
  for (const each of connections) loads.push(await sendEvents(url, each, seconds));
  return loads;
}

async function sendEvents(url: string, connections: number, duration: number): Promise<Load> {
  const requests = [{ method: 'POST' as const, setupRequest: (request: object) => ({ ...request, ...newEvent() }) }];
  const { latency, requests: sent, non2xx, errors } = await autocannon({ url, connections, duration, requests });
  if (non2xx + errors > 0) throw new Error(`${non2xx} responses were not 200, and ${errors} requests failed.`);
  return { connections, eventsPerSecond: sent.average, p50: latency.p50, p99: latency.p99 };
}

function newEvent(): { body: string; headers: Record<string, string> } {
  const body = genericEvent(randomUUID());
  const { headers } = genericDelivery(body);
  return { body, headers: { 'content-type': 'application/json', 'x-signature': headers['X-Signature'] ?? '' } };
}

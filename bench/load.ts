import { randomUUID } from 'node:crypto';
import autocannon from 'autocannon';
import { startCommand } from './command.ts';
import { SECRET } from './contestants.ts';
import { genericDelivery, genericEvent } from './deliveries.ts';

/** How the local front held up. */
export interface Load {
  readonly connections: number;
  /** Events stored a second. */
  readonly eventsPerSecond: number;
  /** Milliseconds. */
  readonly p50: number;
  readonly p99: number;
}

/** A new event, signed, as autocannon sends it. */
function newEvent(): { body: string; headers: Record<string, string> } {
  const body = genericEvent(randomUUID());
  const { headers } = genericDelivery(body);
  return { body, headers: { 'content-type': 'application/json', 'x-signature': headers['X-Signature'] ?? '' } };
}

/**
 * `npm start` under as many new events as it takes, all signed, each once.
 * @param connections how many callers at a time, in turn
 * @throws {Error} where an answer is not 200
 */
export async function measureLoad(connections: readonly number[], seconds: number): Promise<Load[]> {
  const environment = { PORT: '0', DYNAMODB_PORT: '0', WEBHOOK_SECRET_GENERIC: SECRET };
  await using front = startCommand('start', [], environment);
  const [, url = ''] = await front.shows(/POST (http:\S+\/webhooks\/generic)/);
  const loads: Load[] = [];
  await fire(url, 8, 1);
  for (const each of connections) loads.push(await fire(url, each, seconds));
  return loads;
}

async function fire(url: string, connections: number, duration: number): Promise<Load> {
  const requests = [{ method: 'POST' as const, setupRequest: (request: object) => ({ ...request, ...newEvent() }) }];
  const { latency, requests: sent, non2xx, errors } = await autocannon({ url, connections, duration, requests });
  if (non2xx + errors > 0) throw new Error(`${non2xx} answers were not 200, and ${errors} requests failed.`);
  return { connections, eventsPerSecond: sent.average, p50: latency.p50, p99: latency.p99 };
}

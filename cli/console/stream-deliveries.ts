import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Delivery } from '../deliveries/delivery-log.ts';
import { reasonOf } from '../operate/aws-errors.ts';

/** How many deliveries are sent at once. */
const MAX_BATCH = 500;

/** How long deliveries are collected before they are sent, in milliseconds. */
const COLLECT_MS = 25;

/** Follows a log. @param onListed called each time when all that is there was listed */
type Follow = (onListed: () => void) => AsyncIterable<Delivery>;

/**
 * Sends deliveries as server-sent events, each with a list of deliveries, until the response is closed. The id of an event
 * is the time of its last delivery. The event `listed` follows the first deliveries, and `failure` is the last event.
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export async function streamDeliveries(follow: Follow, response: ServerResponse): Promise<void> {
  const waiting: Delivery[] = [];
  const ended = new AbortController();
  let isListed = false;
  let isListedSent = false;
  response.once('close', () => ended.abort());
  response.write('retry: 1000\n\n');
  const onListed = () => {
    isListed = true;
  };
  const collecting = collect(follow(onListed), waiting).catch((error) => {
    writeEvent(response, 'failure', { message: reasonOf(error, 'read the deliveries') });
  });
  collecting.finally(() => ended.abort());
  while (!ended.signal.aborted) {
    await writeAll(waiting, response);
    if (isListed && !isListedSent && waiting.length === 0) {
      writeEvent(response, 'listed', {});
      isListedSent = true;
    }
    await sleep(COLLECT_MS, undefined, { signal: ended.signal }).catch(() => undefined);
  }
  await writeAll(waiting, response);
  response.end();
}

async function collect(deliveries: AsyncIterable<Delivery>, waiting: Delivery[]): Promise<void> {
  for await (const delivery of deliveries) waiting.push(delivery);
}

async function writeAll(waiting: Delivery[], response: ServerResponse): Promise<void> {
  while (waiting.length > 0 && !response.closed) {
    const batch = waiting.splice(0, MAX_BATCH);
    const isTaken = writeEvent(response, 'deliveries', batch, batch.at(-1)?.time);
    if (!isTaken) await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
}

function writeEvent(response: ServerResponse, name: string, data: unknown, id?: number): boolean {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return response.write(`event: ${name}\n${idLine}data: ${JSON.stringify(data)}\n\n`);
}

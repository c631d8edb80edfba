import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import { UsageError } from '../../arguments.ts';
import { fetchFailure } from '../../fetch-error.ts';
import { invocation } from '../../invocation.ts';
import type { Delivery, DeliveryLog, DeliveryQuery } from '../delivery-log.ts';
import { DELIVERIES_PATH } from './serve-deliveries.ts';

/**
 * The deliveries of the inbox that runs on this machine, as it serves them.
 * @param url of its HTTP front
 */
export function servedDeliveryLog(url: string, token: string): DeliveryLog {
  async function* read(query: DeliveryQuery, follow: string, signal?: AbortSignal): AsyncGenerator<Delivery> {
    const target = `${url}${DELIVERIES_PATH}?query=${encodeURIComponent(JSON.stringify(query))}${follow}`;
    try {
      const response = await get(target, url, token, signal);
      const input = Readable.fromWeb(response.body as ReadableStream);
      for await (const line of createInterface({ input })) yield JSON.parse(line);
    } catch (error) {
      if (!signal?.aborted) throw error;
    }
  }
  return {
    list: (query, signal) => read(query, '', signal),
    follow: (query, signal) => read(query, '&follow', signal),
  };
}

/** @throws {UsageError} if the inbox does not run, or does not accept the token */
async function get(target: string, url: string, token: string, signal: AbortSignal | undefined): Promise<Response> {
  const init = { headers: { Authorization: `Bearer ${token}` }, ...(signal && { signal }) };
  const response = await fetch(target, init).catch((error: Error) => {
    if (signal?.aborted) throw error;
    throw new UsageError(
      `${url} cannot be reached: ${fetchFailure(error)}. Is \`${invocation('start')}\` running? If its port is another one, set PORT. For a deployed inbox, name its stack with --stack.`,
    );
  });
  if (response.ok) return response;
  throw new UsageError(
    `${url} responds with ${response.status}: call the command in the folder in which \`${invocation('start')}\` of the same version runs.`,
  );
}

import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { Delivery, DeliveryLog, DeliveryQuery } from '../delivery-log.ts';
import { OUTCOMES } from '../delivery-of-line.ts';
import { hasToken } from './access-token.ts';

/** The path of the deliveries. */
export const DELIVERIES_PATH = '/_inbox/deliveries';

/** Answers a request, unless it is for another page. */
export type ServePage = (request: IncomingMessage, response: ServerResponse) => boolean;

const texts = v.optional(v.array(v.string()));

const Query = v.strictObject({
  sources: texts,
  from: v.number(),
  to: v.optional(v.number()),
  types: texts,
  outcomes: v.optional(v.array(v.picklist(OUTCOMES))),
  text: v.optional(v.string()),
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1))),
}) satisfies v.GenericSchema<unknown, DeliveryQuery>;

/**
 * Serves the deliveries to commands on this machine, which have the token: one delivery per line, in JSON. The query is
 * in `query`, in JSON; with `follow`, the response ends when the client ends it.
 * @param stopped aborts when the server stops: it ends what follows
 */
export function serveDeliveries(deliveries: DeliveryLog, token: string, stopped: AbortSignal): ServePage {
  return (request, response) => {
    const [path, search] = (request.url ?? '').split('?');
    if (path !== DELIVERIES_PATH) return false;
    if (!hasToken(request, token)) return refuse(response, 401);
    const searchParams = new URLSearchParams(search);
    const query = v.safeParse(v.pipe(v.string(), v.parseJson(), Query), searchParams.get('query'));
    if (!query.success || request.method !== 'GET') return refuse(response, 400);
    const ended = new AbortController();
    response.once('close', () => ended.abort());
    const found = searchParams.has('follow')
      ? deliveries.follow(query.output, AbortSignal.any([ended.signal, stopped]))
      : deliveries.list(query.output);
    write(found, response).catch(() => response.destroy());
    return true;
  };
}

function refuse(response: ServerResponse, status: number): true {
  response.writeHead(status).end();
  return true;
}

async function write(deliveries: AsyncIterable<Delivery>, response: ServerResponse): Promise<void> {
  response.writeHead(200, { 'Content-Type': 'application/x-ndjson', 'Cache-Control': 'no-store' }).flushHeaders();
  for await (const delivery of deliveries) {
    if (!response.write(`${JSON.stringify(delivery)}\n`))
      await Promise.race([once(response, 'drain'), once(response, 'close')]);
  }
  response.end();
}

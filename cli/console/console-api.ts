import type { IncomingMessage, ServerResponse } from 'node:http';
import { readBytes } from '../local/http.ts';
import { reasonOf } from '../operate/aws-errors.ts';
import { ACTIONS } from './actions.ts';
import type { FailureAnswer } from './api.ts';
import type { ConsoleInbox } from './console-inbox.ts';
import { SECURITY_HEADERS } from './page.ts';
import { BadRequest } from './parse-given.ts';
import { type Action, READS } from './reads.ts';
import { streamDeliveries } from './stream-deliveries.ts';
import { answerWatched, WATCHED_READS } from './watched-reads.ts';

/** The largest body of a request to the console, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** How far before the last delivery that a page has the next stream begins, in milliseconds: a log may be late. */
const OVERLAP_MS = 60_000;

/** Answers a request to the API of the console, by the last part of its path. */
export async function answerApi(
  inbox: ConsoleInbox,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { method = '' } = request;
  const query = Object.fromEntries(new URLSearchParams(request.url?.split('?')[1]));
  const watched = method === 'GET' ? own(WATCHED_READS, name) : undefined;
  if (method === 'GET' && name === 'deliveries') await stream(inbox, request, response);
  else if (watched) await answerWatched(watched, inbox, query, response);
  else await answerWith(own({ GET: READS, POST: ACTIONS }[method] ?? {}, name), { inbox, query, request, response });
}

function own<T>(entries: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(entries, name) ? entries[name] : undefined;
}

interface Exchange {
  readonly inbox: ConsoleInbox;
  readonly query: object;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

async function answerWith(action: Action | undefined, { inbox, query, request, response }: Exchange): Promise<void> {
  if (!action) return sendJson(response, 404, { message: 'The console has no such path.' });
  try {
    const given = request.method === 'POST' ? await jsonOf(request) : query;
    sendJson(response, 200, await action(inbox, given));
  } catch (error) {
    sendJson(response, error instanceof BadRequest ? 400 : 422, { message: reasonOf(error, 'do this') });
  }
}

/** Sends JSON with the headers of the console. */
export function sendJson(response: ServerResponse, status: number, body: object | FailureAnswer): void {
  response.writeHead(status, { ...SECURITY_HEADERS, 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function stream(
  { deliveries, listedMs = Number.POSITIVE_INFINITY }: ConsoleInbox,
  { headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const last = Number(headers['last-event-id'] ?? Number.NaN);
  const from = Number.isNaN(last) ? Date.now() - listedMs : last - OVERLAP_MS;
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': 'text/event-stream' });
  const follow = (onListed: () => void) => deliveries.follow({ from: Math.max(0, from) }, closed.signal, onListed);
  await streamDeliveries(follow, response);
}

/** A page of another site cannot send this content type without asking. */
async function jsonOf(request: IncomingMessage): Promise<unknown> {
  const body = await readBytes(request, MAX_BODY_BYTES);
  if (!body || request.headers['content-type'] !== 'application/json') throw new BadRequest('The body must be JSON.');
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new BadRequest('The body must be JSON.');
  }
}

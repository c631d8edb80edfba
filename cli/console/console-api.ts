import { isUtf8 } from 'node:buffer';
import type { IncomingMessage, ServerResponse } from 'node:http';
import * as v from 'valibot';
import type { QuarantineItem } from '../../lambda/quarantine/quarantine-item.ts';
import { UsageError } from '../arguments.ts';
import { readBytes } from '../local/http.ts';
import { reasonOf } from '../operate/aws-errors.ts';
import { itemAcceptor } from '../operate/quarantine/accept-items.ts';
import { itemDiscarder } from '../operate/quarantine/discard-items.ts';
import { actOn } from '../operate/quarantine/for-each-item.ts';
import { readPayload } from '../operate/quarantine/read-payload.ts';
import type {
  CommandAnswer,
  DecisionAnswer,
  EventAnswer,
  FailureAnswer,
  InboxDescription,
  PayloadText,
  QuarantineAnswer,
  SentAnswer,
  ShownEntry,
} from './api.ts';
import type { ConsoleInbox } from './console-inbox.ts';
import { curlCommand } from './curl-command.ts';
import { SECURITY_HEADERS } from './page.ts';
import { resentRequest } from './resend.ts';
import { sendRequest } from './send-request.ts';
import { streamDeliveries } from './stream-deliveries.ts';

/** The largest body of a request to the console, in bytes. */
const MAX_BODY_BYTES = 64 * 1024;

/** How far before the last delivery that a page has the next stream begins, in milliseconds: a log may be late. */
const OVERLAP_MS = 60_000;

/** Answers a request with JSON. */
type Action = (inbox: ConsoleInbox, given: unknown) => Promise<object>;

const EventQuery = v.object({ source: v.string(), id: v.string() });
const Entry = v.object({ id: v.string() });
const Decision = v.object({ id: v.string(), asIs: v.optional(v.boolean(), false) });
const Sample = v.object({ source: v.string() });
const Resend = v.object({
  source: v.string(),
  eventId: v.string(),
  url: v.string(),
  form: v.picklist(['delivery', 'event']),
});

/** The paths of `GET`, whose parameters are in the query. */
const READS: Readonly<Record<string, Action>> = {
  inbox: (inbox): Promise<InboxDescription> => inbox.describe(),
  async event(inbox, given): Promise<EventAnswer> {
    const { source, id } = parsed(EventQuery, given);
    const { stored, quarantined } = await inbox.events.read(source, id);
    return {
      stored: stored && { item: stored.item, payload: payloadText(stored.payload) },
      quarantined: quarantined.map(({ item, payload }) => ({ item, payload: payloadText(payload) })),
    };
  },
  async quarantine({ access }): Promise<QuarantineAnswer> {
    const items: QuarantineItem[] = [];
    for await (const page of access.quarantine.scan({})) items.push(...page.items);
    const newestFirst = items.toSorted((one, other) => (one.received_at < other.received_at ? 1 : -1));
    return { items: newestFirst.map(withoutPayload) };
  },
  async entry({ access }, given): Promise<ShownEntry> {
    const { id } = parsed(Entry, given);
    const item = await access.quarantine.get(id);
    if (!item) throw new UsageError('It is no longer in quarantine.');
    return { item: withoutPayload(item), payload: payloadText(await readPayload(item, access.payloads)) };
  },
};

/** The paths of `POST`, whose parameters are in the body, in JSON. */
const ACTIONS: Readonly<Record<string, Action>> = {
  async sample(inbox, given): Promise<SentAnswer> {
    return await sendRequest(await inbox.sample(parsed(Sample, given).source));
  },
  async resend(inbox, given): Promise<SentAnswer> {
    return await sendRequest(await resentRequest(inbox, parsed(Resend, given)));
  },
  async curl(inbox, given): Promise<CommandAnswer> {
    const { request } = await resentRequest(inbox, parsed(Resend, given));
    return { command: curlCommand(request) };
  },
  async accept({ access }, given): Promise<DecisionAnswer> {
    const { id, asIs } = parsed(Decision, given);
    return await actOn(id, access.quarantine, await itemAcceptor(access, asIs));
  },
  async discard({ access }, given): Promise<DecisionAnswer> {
    return await actOn(parsed(Entry, given).id, access.quarantine, itemDiscarder(access.quarantine));
  },
};

/** What the caller sent is not what the path takes. */
class BadRequest extends UsageError {}

/** Answers a request to the API of the console, by the last part of its path. */
export async function answerApi(
  inbox: ConsoleInbox,
  name: string,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const query = new URLSearchParams(request.url?.split('?')[1]);
  if (request.method === 'GET' && name === 'deliveries') return await stream(inbox, request, response);
  const actions = { GET: READS, POST: ACTIONS }[request.method ?? ''] ?? {};
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (!action) return sendJson(response, 404, { message: 'The console has no such path.' });
  try {
    const given = request.method === 'POST' ? await jsonOf(request) : Object.fromEntries(query);
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
  { deliveries, listedMs }: ConsoleInbox,
  { headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const last = Number(headers['last-event-id'] ?? Number.NaN);
  const from = Number.isNaN(last) ? Date.now() - listedMs : last - OVERLAP_MS;
  const closed = new AbortController();
  response.once('close', () => closed.abort());
  response.writeHead(200, { ...SECURITY_HEADERS, 'Content-Type': 'text/event-stream' });
  await streamDeliveries(deliveries.follow({ from: Math.max(0, from) }, closed.signal), response);
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

function parsed<T>(schema: v.GenericSchema<unknown, T>, given: unknown): T {
  const result = v.safeParse(schema, given);
  if (!result.success) throw new BadRequest('A parameter is missing or wrong.');
  return result.output;
}

function payloadText(payload: Buffer): PayloadText {
  return { text: payload.toString(), isText: isUtf8(payload), bytes: payload.length };
}

function withoutPayload({ payload: _, ...item }: QuarantineItem) {
  return item;
}

import { isUtf8 } from 'node:buffer';
import * as v from 'valibot';
import type { QuarantineItem } from '../../lambda/quarantine/quarantine-item.ts';
import { UsageError } from '../arguments.ts';
import { readPayload } from '../operate/quarantine/read-payload.ts';
import type {
  EventAnswer,
  HeadersAnswer,
  InboxDescription,
  PayloadText,
  QuarantineAnswer,
  RulesAnswer,
  ShownEntry,
} from './api.ts';
import type { ConsoleInbox } from './console-inbox.ts';
import { parsed } from './parse-given.ts';

/** Answers a request with JSON. */
export type Action = (inbox: ConsoleInbox, given: unknown) => Promise<object>;

const EventQuery = v.object({ source: v.string(), id: v.string() });
const Entry = v.object({ id: v.string() });
const HeadersQuery = v.object({ requestId: v.string() });

/** The paths of `GET`, whose parameters are in the query. */
export const READS: Readonly<Record<string, Action>> = {
  inbox: (inbox): Promise<InboxDescription> => inbox.describe(),
  async event(inbox, given): Promise<EventAnswer> {
    const { source, id } = parsed(EventQuery, given);
    const { stored, quarantined } = await inbox.events.read(source, id);
    return {
      stored: stored && { item: stored.item, payload: payloadText(stored.payload) },
      quarantined: quarantined.map(({ item, payload }) => ({ item, payload: payloadText(payload) })),
    };
  },
  async headers({ headersOf }, given): Promise<HeadersAnswer> {
    return { headers: headersOf(parsed(HeadersQuery, given).requestId) };
  },
  async rules({ bus, events }, given): Promise<RulesAnswer> {
    const { source, id } = parsed(EventQuery, given);
    const { stored } = await events.read(source, id);
    return { rules: bus && stored ? await bus.rulesFor(stored) : [] };
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

function payloadText(payload: Buffer): PayloadText {
  return { text: payload.toString(), isText: isUtf8(payload), bytes: payload.length };
}

function withoutPayload({ payload: _, ...item }: QuarantineItem) {
  return item;
}

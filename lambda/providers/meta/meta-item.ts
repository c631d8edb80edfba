import * as v from 'valibot';
import { epochMilliseconds, epochSeconds, ifValid, name } from '../fields.ts';

/** Epoch seconds as text, which WhatsApp sends. The output is in epoch milliseconds. */
const secondsInText = () => v.pipe(v.string(), v.regex(/^\d{1,11}$/), v.transform(Number), epochSeconds());

/**
 * The time of an entry. Entries with changes are in seconds, the others in milliseconds. Meta does not document which; no
 * plausible time is in both ranges.
 */
const entryTime = () => v.union([v.pipe(v.number(), v.maxValue(99_999_999_999), epochSeconds()), epochMilliseconds()]);

const message = () => v.object({ id: name(), type: ifValid(name()), timestamp: ifValid(secondsInText()) });
const status = () => v.object({ id: name(), status: name(), timestamp: ifValid(secondsInText()) });
const value = () =>
  v.object({
    id: ifValid(name()),
    metadata: ifValid(v.object({ phone_number_id: ifValid(name()) })),
    messages: ifValid(v.tuple([message()])),
    statuses: ifValid(v.tuple([status()])),
  });
const change = () => v.object({ field: name(), value: ifValid(value()) });
const messaging = () =>
  v.object({
    sender: ifValid(v.object({ id: ifValid(name()) })),
    timestamp: ifValid(epochMilliseconds()),
    message: ifValid(v.object({ mid: name(), is_deleted: ifValid(v.boolean()) })),
  });

/** The event in an entry that holds only one. Meta's products differ, so each field is left out if it does not match. */
export const metaItem = () =>
  v.pipe(
    v.object({
      id: ifValid(name()),
      time: ifValid(entryTime()),
      changes: ifValid(v.tuple([change()])),
      messaging: ifValid(v.tuple([messaging()])),
    }),
    v.transform(({ id: account, time, changes, messaging }) => {
      if (changes) return { account, ...ofChange(changes[0], time) };
      return { account, ...(messaging ? ofMessaging(messaging[0]) : UNKNOWN) };
    }),
  );

/** The event of an entry. It has no id if Meta gives none that identifies this event alone. */
interface MetaItem {
  readonly id?: string | undefined;
  readonly kind: string;
  /** Epoch milliseconds. */
  readonly time?: number | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

const UNKNOWN: MetaItem = { kind: 'entry', data: {} };

/** The fields whose value has an id of the event. In other fields the id is that of an object with many changes. */
const OF_ONE_EVENT = ['comments', 'live_comments'];

/** @param time the entry's, in epoch milliseconds */
function ofChange({ field, value }: v.InferOutput<ReturnType<typeof change>>, time: number | undefined): MetaItem {
  const message = value?.messages?.[0];
  const status = value?.statuses?.[0];
  const ownId = value?.id !== undefined && OF_ONE_EVENT.includes(field) ? `${field}:${value.id}` : undefined;
  return {
    id: message?.id ?? (status ? `${status.id}:${status.status}` : ownId),
    kind: field,
    time: message?.timestamp ?? status?.timestamp ?? time,
    data: { phone_number_id: value?.metadata?.phone_number_id, message_type: message?.type, status: status?.status },
  };
}

/** The notice of a deleted message has the id of the message, so the id does not identify it. */
function ofMessaging({ sender, timestamp, message }: v.InferOutput<ReturnType<typeof messaging>>): MetaItem {
  const id = message?.is_deleted ? undefined : message?.mid;
  return { id, kind: 'messaging', time: timestamp, data: { sender_id: sender?.id } };
}

import * as v from 'valibot';
import { epochMilliseconds, epochSeconds, maybe, name } from '../fields.ts';

/** Whatever it is, if it is not what we expect, we do without: Meta's products differ, and all of them are stored. */
const ifAny = <TSchema extends v.GenericSchema>(schema: TSchema) => v.fallback(maybe(schema), undefined);

/** Epoch seconds as WhatsApp writes them. */
const secondsInText = () => v.pipe(v.string(), v.regex(/^\d{1,11}$/), v.transform(Number), epochSeconds());

const message = () => v.object({ id: name(), type: ifAny(name()), timestamp: ifAny(secondsInText()) });
const status = () => v.object({ id: name(), status: name(), timestamp: ifAny(secondsInText()) });
const value = () =>
  v.object({
    id: ifAny(name()),
    metadata: ifAny(v.object({ phone_number_id: ifAny(name()) })),
    messages: ifAny(v.tuple([message()])),
    statuses: ifAny(v.tuple([status()])),
  });
const change = () => v.object({ field: name(), value: ifAny(value()) });
const messaging = () =>
  v.object({
    sender: ifAny(v.object({ id: ifAny(name()) })),
    timestamp: ifAny(epochMilliseconds()),
    message: ifAny(v.object({ mid: name(), is_deleted: ifAny(v.boolean()) })),
  });

/** An entry with one event in it, as that event. */
export const metaItem = () =>
  v.pipe(
    v.object({
      id: ifAny(name()),
      time: ifAny(epochMilliseconds()),
      changes: ifAny(v.tuple([change()])),
      messaging: ifAny(v.tuple([messaging()])),
    }),
    v.transform(({ id: account, time, changes, messaging }) => {
      if (changes) return { account, ...ofChange(changes[0], time) };
      return { account, ...(messaging ? ofMessaging(messaging[0]) : UNKNOWN) };
    }),
  );

/** What an entry says; without an id where Meta gives none that stands for this event alone. */
interface MetaItem {
  readonly id?: string | undefined;
  readonly kind: string;
  /** Epoch milliseconds. */
  readonly time?: number | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

const UNKNOWN: MetaItem = { kind: 'entry', data: {} };

/** Where the id of a change's value is of what happened; elsewhere, it is of something that many changes may tell of. */
const OF_ONE_EVENT = ['comments', 'live_comments'];

/** @param time of the entry */
function ofChange({ field, value }: v.InferOutput<ReturnType<typeof change>>, time: number | undefined): MetaItem {
  const message = value?.messages?.[0];
  const status = value?.statuses?.[0];
  const ownId = value?.id !== undefined && OF_ONE_EVENT.includes(field) ? `${field}:${value.id}` : undefined;
  return {
    id: message?.id ?? (status ? `${status.id}:${status.status}` : ownId),
    kind: field,
    time: milliseconds(message?.timestamp ?? status?.timestamp ?? time),
    data: { phone_number_id: value?.metadata?.phone_number_id, message_type: message?.type, status: status?.status },
  };
}

/** Entries with changes count seconds, others milliseconds, and no page says so: told apart as no time of both is. */
function milliseconds(time: number | undefined): number | undefined {
  return time !== undefined && time < 100_000_000_000 ? time * 1000 : time;
}

/** A message that is taken back comes with the id that it was sent with. */
function ofMessaging({ sender, timestamp, message }: v.InferOutput<ReturnType<typeof messaging>>): MetaItem {
  const id = message?.is_deleted ? undefined : message?.mid;
  return { id, kind: 'messaging', time: timestamp, data: { sender_id: sender?.id } };
}

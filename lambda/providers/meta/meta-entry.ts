import * as v from 'valibot';
import { ifValid, name, object, textOrInteger } from '../fields.ts';
import { change, ofChange } from './meta-change.ts';
import type { EntryEvent, MetaEvent } from './meta-event.ts';
import { time } from './meta-fields.ts';
import { messaging, ofMessaging } from './meta-messaging.ts';

/** A body with one entry, which holds one event. Products differ, so a field is left out if it does not match. */
export const entryBody = () =>
  v.pipe(object({ object: ifValid(name()), entry: v.strictTuple([entry()]) }), v.transform(toEvent));

const entry = () =>
  object({
    id: ifValid(textOrInteger()),
    time: ifValid(time()),
    changes: ifValid(v.strictTuple([change()])),
    messaging: ifValid(v.strictTuple([messaging()])),
    standby: ifValid(v.strictTuple([messaging()])),
  });

type Entry = v.InferOutput<ReturnType<typeof entry>>;

function toEvent({
  object,
  entry: [entry],
}: {
  readonly object?: string | undefined;
  readonly entry: [Entry];
}): MetaEvent {
  const { identity, kind, data, ...rest } = eventOf(entry);
  return {
    ...rest,
    // The ids of two accounts may be the same: one account has sent the message that the other has received.
    identity: identity && entry.id !== undefined ? [entry.id, ...identity] : undefined,
    type: object === undefined ? kind : `${object}.${kind}`,
    sentAt: entry.time,
    data: { account: entry.id, ...data },
  };
}

function eventOf({ time, changes, messaging, standby }: Entry): EntryEvent {
  if (changes) return ofChange(changes[0], time);
  if (messaging) return ofMessaging('messaging', messaging[0]);
  return standby ? ofMessaging('standby', standby[0]) : { kind: 'entry', isTimed: false, data: {} };
}

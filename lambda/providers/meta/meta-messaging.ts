import * as v from 'valibot';
import { anything, ifValid, name } from '../fields.ts';
import type { EntryEvent } from './meta-event.ts';
import { messageId, time } from './meta-fields.ts';

/** An event of Messenger, or of Instagram's messages. */
export const messaging = () =>
  v.object({
    sender: ifValid(v.object({ id: ifValid(name()) })),
    timestamp: ifValid(time()),
    message: ifValid(v.object({ mid: messageId(), is_deleted: anything(), is_echo: anything() })),
  });

/**
 * The event of a conversation. The notice of a deleted message has the id of the message, so the id does not identify it.
 * @param kind the list that it is in
 */
export function ofMessaging(
  kind: 'messaging' | 'standby',
  { sender, timestamp, message }: v.InferOutput<ReturnType<typeof messaging>>,
): EntryEvent {
  return {
    identity: message && !message.is_deleted ? [message.mid, ...(message.is_echo ? ['echo'] : [])] : undefined,
    isTimed: timestamp !== undefined,
    kind,
    time: timestamp,
    data: { sender_id: sender?.id },
  };
}

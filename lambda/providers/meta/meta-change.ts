import * as v from 'valibot';
import { anything, ifValid, name, textOrInteger } from '../fields.ts';
import type { EntryEvent } from './meta-event.ts';
import { messageId, time } from './meta-fields.ts';

const message = () => v.object({ id: messageId(), type: ifValid(name()), timestamp: ifValid(time()) });
const status = () =>
  v.object({
    id: messageId(),
    status: name(),
    timestamp: ifValid(time()),
    recipient_participant_id: anything(),
    recipient_participant_user_id: anything(),
    payment: anything(),
  });
const value = () =>
  v.object({
    id: ifValid(textOrInteger()),
    leadgen_id: ifValid(textOrInteger()),
    created_time: anything(),
    timestamp: anything(),
    metadata: ifValid(v.object({ phone_number_id: ifValid(name()) })),
    messages: ifValid(v.strictTuple([message()])),
    statuses: ifValid(v.strictTuple([status()])),
  });

/** A change of an account: a field, and its new value or what happened to it. */
export const change = () => v.object({ field: name(), value: ifValid(value()) });

type Status = v.InferOutput<ReturnType<typeof status>>;
type Change = v.InferOutput<ReturnType<typeof change>>;

/**
 * The event of a change.
 * @param sentAt the entry's time, in epoch milliseconds
 */
export function ofChange(change: Change, sentAt: number | undefined): EntryEvent {
  const { field, value } = change;
  const message = value?.messages?.[0];
  const status = value?.statuses?.[0];
  return {
    identity: message ? [message.id] : (ofStatus(status) ?? ofValue(change)),
    isTimed: field === 'feed' || (message ?? status)?.timestamp !== undefined || hasTime(value),
    kind: field,
    time: (message ?? status)?.timestamp ?? sentAt,
    data: { phone_number_id: value?.metadata?.phone_number_id, message_type: message?.type, status: status?.status },
  };
}

const hasTime = (value: Change['value']) => (value?.created_time ?? value?.timestamp) != null;

/** In a group, each participant has the status. A payment has several transactions, which are not identified here. */
function ofStatus(status: Status | undefined): readonly unknown[] | undefined {
  if (!status || status.payment != null) return undefined;
  const participant = status.recipient_participant_id ?? status.recipient_participant_user_id;
  return [status.id, status.status, ...(participant == null ? [] : [participant])];
}

/** The fields whose value has an id of the event. In other fields the id is that of an object with many changes. */
const OF_ONE_EVENT = ['comments', 'live_comments'];

function ofValue({ field, value }: Change): readonly unknown[] | undefined {
  if (value?.leadgen_id !== undefined) return [field, value.leadgen_id];
  return value?.id !== undefined && OF_ONE_EVENT.includes(field) ? [field, value.id] : undefined;
}

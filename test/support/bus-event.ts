import type { EventBridgeEvent } from 'aws-lambda';
import type { InboxEvent } from 'webhook-inbox/consumer';
import type { BusEntry } from '../../lambda/forwarder/bus-entry.ts';

/** An entry as EventBridge hands it to a rule's target. */
export function busEvent<TEvent extends InboxEvent = InboxEvent>({
  source,
  detailType,
  detail,
  time,
}: BusEntry): TEvent {
  const event: EventBridgeEvent<string, unknown> = {
    version: '0',
    id: '17793124-05d4-b198-2fde-7ededc63b103',
    'detail-type': detailType,
    source,
    account: '111122223333',
    time: time.toISOString().replace(/\.\d+Z$/, 'Z'),
    region: 'us-east-1',
    resources: [],
    detail: JSON.parse(detail),
  };
  return event as TEvent;
}

import { type EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBus } from './event-bus.ts';

/** An EventBridge bus. */
export function eventbridgeBus(client: EventBridgeClient, busName: string): EventBus {
  return {
    async put({ source, detailType, detail, time }) {
      const entry = { EventBusName: busName, Source: source, DetailType: detailType, Detail: detail, Time: time };
      const { Entries = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
      const refused = Entries.find(({ ErrorCode }) => ErrorCode !== undefined);
      if (refused) throw new Error(`EventBridge refused the event: ${refused.ErrorCode}`);
    },
  };
}

import type { EventItem } from '../../lambda/events/event-item.ts';
import type { EventStore } from '../../lambda/events/event-store.ts';
import type { OverflowQueue } from '../../lambda/overflow-queue/overflow-queue.ts';
import type { PayloadBucket } from '../../lambda/payloads/payload-bucket.ts';
import type { Quarantine } from '../../lambda/quarantine/quarantine.ts';
import type { QuarantineItem } from '../../lambda/quarantine/quarantine-item.ts';

/** The conditional put, on a list; test/lambda/receiver shows that DynamoDB does the same. */
export function memoryEventStore(items: EventItem[]): EventStore {
  return {
    async put(item, immutable) {
      const index = items.findIndex(({ id }) => id === item.id);
      const old = items[index];
      if (!old || old.expires_at < Math.floor(Date.parse(item.received_at) / 1000)) {
        items.splice(old ? index : items.length, 1, item);
        return { status: 'processed' };
      }
      const differs = old.payload_sha256 !== item.payload_sha256;
      return immutable && differs ? { status: 'conflict', stored: old } : { status: 'duplicate', differs };
    },
  };
}

/** A quarantine on a list, in which an item replaces that of the same id. */
export function memoryQuarantine(items: QuarantineItem[]): Quarantine {
  return {
    async put(item) {
      const index = items.findIndex(({ id }) => id === item.id);
      if (index < 0) items.push(item);
      else items[index] = item;
      return undefined;
    },
  };
}

/** A payload bucket in a map. */
export function memoryPayloadBucket(objects: Map<string, Uint8Array>): PayloadBucket {
  return {
    async put({ key, bytes }) {
      objects.set(key, bytes);
      return undefined;
    },
  };
}

/** An overflow queue that takes nothing. */
export const noOverflowQueue: OverflowQueue = {
  send: async () => ({ unavailable: new Error('there is no overflow queue in this test') }),
};

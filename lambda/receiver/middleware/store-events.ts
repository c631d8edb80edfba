import { toItem } from '../../events/event-item.ts';
import type { EventStore } from '../../events/event-store.ts';
import type { WebhookEvent } from '../../events/webhook-event.ts';
import type { Middleware } from '../chain.ts';
import type { Received, Stored, Validated } from '../delivery.ts';
import { Problem } from '../problem.ts';

/** Writes of one body that are under way at a time. */
const CONCURRENCY = 16;

/** Stores the events; 413 where no item can hold one. */
export function storeEvents(store: EventStore): Middleware<Received & Validated, Stored> {
  return {
    async before({ events, deadline }) {
      const items = events.map(toStorable);
      const startedAt = performance.now();
      const outcomes = await mapConcurrently(items, CONCURRENCY, ({ item, immutable }) => {
        return store.put(item, immutable, deadline);
      });
      return { outcomes, storeMs: performance.now() - startedAt };
    },
  };
}

function toStorable(event: WebhookEvent) {
  const item = toItem(event);
  if (!item) throw new Problem('payload_too_large', { reason: 'over_item_limit' });
  return { item, immutable: event.immutable };
}

/** Maps with a bounded number of calls under way at a time; in order. */
async function mapConcurrently<T, R>(items: readonly T[], limit: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

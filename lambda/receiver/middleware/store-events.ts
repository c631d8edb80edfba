import type { APIGatewayProxyResult } from 'aws-lambda';
import { toItem } from '../../events/event-item.ts';
import type { EventStore, Stored, Unavailable } from '../../events/event-store.ts';
import type { WebhookEvent } from '../../events/webhook-event.ts';
import type { Delivery } from '../delivery.ts';
import { Problem } from '../problem.ts';

/** How many events of one body are written at a time. */
const CONCURRENCY = 16;

/**
 * The end of the chain: stores the events, and answers once they are durable. 413 where no item can hold one, 409 where
 * an id stands for another payload, 503 where the table does not take one now; a retry stores only what is missing.
 */
export function storeEvents(store: EventStore) {
  return async (delivery: Delivery): Promise<APIGatewayProxyResult> => {
    const items = delivery.events.map(toStorable);
    const asked = performance.now();
    const outcomes = await mapConcurrently(items, CONCURRENCY, ({ item, immutable }) => {
      return store.put(item, immutable, delivery.deadline);
    });
    delivery.storeMs = performance.now() - asked;
    delivery.stored = outcomes.filter(isStored);
    return answer(delivery, outcomes);
  };
}

function toStorable(event: WebhookEvent) {
  const item = toItem(event);
  if (!item) throw new Problem('payload_too_large', { reason: 'over_item_limit' });
  return { item, immutable: event.immutable };
}

const isStored = (outcome: Stored | Unavailable): outcome is Stored => typeof outcome === 'string';

function answer({ events, stored, isBatch }: Delivery, outcomes: readonly (Stored | Unavailable)[]) {
  const failed = outcomes.find((outcome) => !isStored(outcome));
  if (failed) {
    const { unavailable: cause } = failed as Unavailable;
    throw new Problem('temporarily_unavailable', { reason: 'table_unavailable', cause });
  }
  if (isBatch) {
    const each = events.map(({ id }, index) => ({ event_id: id, status: stored[index] }));
    return json(200, { status: 'processed', events: each });
  }
  if (stored[0] === 'conflict') throw new Problem('event_id_conflict');
  return json(200, { status: stored[0], event_id: events[0]?.id });
}

/** Maps with a bounded number under way at a time; in order. */
async function mapConcurrently<T, R>(items: readonly T[], limit: number, map: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = items.entries();
  const work = async () => {
    for (const [index, item] of queue) results[index] = await map(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, work));
  return results;
}

function json(statusCode: number, body: unknown): APIGatewayProxyResult {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

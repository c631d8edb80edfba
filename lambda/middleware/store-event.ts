import type { APIGatewayProxyResult } from 'aws-lambda';
import { toItem } from '../events/event-item.ts';
import type { EventStore } from '../events/event-store.ts';
import type { Delivery } from './delivery.ts';
import { Problem } from './problem.ts';

/**
 * The end of the chain: stores the event, and answers once it is durable. 413 where no item can hold it, 409 where its
 * id stands for another payload, 503 where the table does not take it now.
 */
export function storeEvent(store: EventStore) {
  return async (delivery: Delivery): Promise<APIGatewayProxyResult> => {
    const { event, deadline } = delivery;
    const item = toItem(event);
    if (!item) throw new Problem('payload_too_large', { reason: 'over_item_limit' });

    const asked = performance.now();
    const stored = await store.put(item, event.immutable, deadline);
    delivery.storeMs = performance.now() - asked;

    if (typeof stored !== 'string') {
      throw new Problem('temporarily_unavailable', { reason: 'table_unavailable', cause: stored.unavailable });
    }
    delivery.stored = stored;
    if (stored === 'conflict') throw new Problem('event_id_conflict');
    return json(200, { status: stored, event_id: event.id });
  };
}

function json(statusCode: number, body: unknown): APIGatewayProxyResult {
  return { statusCode, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

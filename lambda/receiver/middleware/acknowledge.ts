import type { APIGatewayProxyResult } from 'aws-lambda';
import type { Stored, Validated } from '../delivery.ts';
import { Problem } from '../problem.ts';

/**
 * The end of the chain: the response, once the events are durable. 409 where an id is stored with another payload; 503
 * where the table did not take an event, so that the provider sends the delivery again.
 */
export function acknowledge({ events, outcomes, isBatch }: Validated & Stored): APIGatewayProxyResult {
  for (const outcome of outcomes) {
    if (typeof outcome === 'string') continue;
    throw new Problem('temporarily_unavailable', { reason: 'table_unavailable', cause: outcome.unavailable });
  }
  if (isBatch) {
    const each = events.map(({ id }, index) => ({ event_id: id, status: outcomes[index] }));
    return json({ status: 'processed', events: each });
  }
  if (outcomes[0] === 'conflict') throw new Problem('event_id_conflict');
  return json({ status: outcomes[0], event_id: events[0]?.id });
}

function json(body: unknown): APIGatewayProxyResult {
  return { statusCode: 200, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

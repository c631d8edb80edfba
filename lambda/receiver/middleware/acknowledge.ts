import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ProviderResponse } from '../../providers/handshake.ts';
import type { EventOutcome, Parsed, Routed, Stored, StoredOutcome, Typed, Validated } from '../delivery.ts';
import { Problem } from '../problem.ts';
import { toResult } from '../to-result.ts';

/** The statuses of events, the most severe first. */
const SEVERITY = ['conflict', 'quarantined', 'processed', 'duplicate'] as const;

/**
 * The end of the chain: the response, once every event is durable. 503 where one could not be stored, so that the
 * provider sends the delivery again; 409 for a conflict, where the source rejects what is invalid.
 */
export function acknowledge(delivery: Routed & Typed & Parsed & Validated & Stored): APIGatewayProxyResult {
  const stored = delivery.outcomes.map(toStored);
  const [first] = stored;
  if (!delivery.isBatch && first?.status === 'conflict' && delivery.source.onInvalid === 'reject') {
    throw new Problem('event_id_conflict', { eventId: first.eventId });
  }
  const status = mostSevere(stored);
  const response = required(delivery) ?? json(delivery.isBatch ? batchBody(stored) : eventBody(first));
  return toResult({ ...response, inboxStatus: status });
}

function toStored(outcome: EventOutcome): StoredOutcome {
  if (!('unavailable' in outcome)) return outcome;
  throw new Problem('temporarily_unavailable', { reason: 'table_unavailable', cause: outcome.unavailable });
}

/** The most severe status of a body's events; a body without events is processed. */
export function mostSevere(stored: readonly StoredOutcome[]): StoredOutcome['status'] {
  const statuses = new Set(stored.map(({ status }) => status));
  return SEVERITY.find((status) => statuses.has(status)) ?? 'processed';
}

function required({ source, mediaType, parsed }: Routed & Typed & Parsed): ProviderResponse | undefined {
  const parsedBody = parsed && 'value' in parsed ? parsed.value : undefined;
  return source.provider.acknowledge?.({ mediaType: mediaType ?? '', parsedBody });
}

function eventBody(outcome: StoredOutcome | undefined) {
  if (outcome?.status === 'quarantined') return { status: 'quarantined', reason: outcome.invalid?.reason };
  return { status: outcome?.status, event_id: outcome?.eventId };
}

function batchBody(stored: readonly StoredOutcome[]) {
  return { status: 'processed', events: stored.map(({ status, eventId }) => ({ event_id: eventId, status })) };
}

const json = (body: unknown): ProviderResponse => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

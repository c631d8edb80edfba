import type { APIGatewayProxyResult } from 'aws-lambda';
import type { ProviderResponse } from '../../providers/handshake.ts';
import type { EventOutcome, StoredOutcome, UnstoredOutcome } from '../../storage/event-outcome.ts';
import type { Parsed, Routed, Stored, Typed, Validated } from '../delivery.ts';
import { Problem } from '../problem.ts';
import { toResult } from '../to-result.ts';

/** The statuses of events, the most severe first. */
const SEVERITY = ['conflict', 'quarantined', 'queued', 'processed', 'duplicate'] as const;

/**
 * Acknowledges a delivery whose events are all durable, as its provider requires: the end of the chain.
 * @throws {Problem} 503 if an event could not be stored, so that the provider sends the delivery again; 409 for a
 * conflict, if the source rejects invalid events
 */
export function acknowledge(delivery: Routed & Typed & Parsed & Validated & Stored): APIGatewayProxyResult {
  const outcomes = storedOutcomes(delivery.outcomes);
  const [first] = outcomes;
  if (!delivery.isBatch && first?.status === 'conflict' && delivery.source.onInvalid === 'reject') {
    throw new Problem('event_id_conflict');
  }
  const response = required(delivery) ?? json(delivery.isBatch ? batchBody(outcomes) : eventBody(first));
  return toResult({ ...response, inboxStatus: mostSevere(outcomes) });
}

/** The outcomes, all of which are durable. */
function storedOutcomes(outcomes: readonly EventOutcome[]): readonly StoredOutcome[] {
  const first = firstCause(outcomes.filter((outcome) => 'unavailable' in outcome));
  if (first) throw new Problem('temporarily_unavailable', { reason: first.reason, cause: first.unavailable });
  return outcomes.filter((outcome) => 'status' in outcome);
}

/** The first event that could not be stored; a service that is down is the cause of time that ran out. */
export function firstCause(unstored: readonly UnstoredOutcome[]): UnstoredOutcome | undefined {
  return unstored.find(({ reason }) => reason !== 'out_of_time') ?? unstored[0];
}

/** The most severe status of a body's events; a body without events is processed. */
export function mostSevere(outcomes: readonly EventOutcome[]): StoredOutcome['status'] {
  const statuses = new Set(outcomes.map((outcome) => ('status' in outcome ? outcome.status : undefined)));
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

function batchBody(outcomes: readonly StoredOutcome[]) {
  return { status: 'processed', events: outcomes.map(({ status, eventId }) => ({ event_id: eventId, status })) };
}

const json = (body: unknown): ProviderResponse => ({
  status: 200,
  contentType: 'application/json',
  body: JSON.stringify(body),
});

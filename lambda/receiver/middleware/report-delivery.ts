import type { Request } from '@middy/core';
import type { Stored as StoreOutcome } from '../../events/event-store.ts';
import { type DeliveryReport, describeCause, type Outcome, type Report } from '../../telemetry/delivery-report.ts';
import type { Ended } from '../delivery.ts';
import type { Problem } from '../problem.ts';
import { asProblem } from './answer-problem.ts';

/** Reports every delivery once it is answered, whatever became of it: a hook for the end of middy's request. */
export function reportDelivery(report: Report) {
  return ({ event, response, error }: Request): void => {
    const problem = error ? asProblem(error) : undefined;
    report(toReport(event as Ended, response?.statusCode ?? 500, problem));
  };
}

function toReport(delivery: Ended, status: number, problem: Problem | undefined): DeliveryReport {
  const { source, events, outcomes = [] } = delivery;
  const stored = outcomes.filter((outcome) => typeof outcome === 'string');
  const event = events?.length === 1 ? events[0] : undefined;
  return {
    outcome: delivery.answered ? 'handshake' : outcomeOf(status, stored),
    requestId: delivery.requestId,
    status,
    source: source?.name,
    provider: source?.providerName,
    eventId: event?.id,
    eventType: event?.type,
    code: problem?.code,
    reason: problem?.reason,
    stored: count(stored),
    usedPreviousSecret: delivery.usedPreviousSecret ?? false,
    latencyMs: performance.now() - delivery.startedAt,
    storeMs: delivery.storeMs,
    cause: status >= 500 ? describeCause(problem?.cause) : undefined,
  };
}

function outcomeOf(status: number, stored: readonly StoreOutcome[]): Outcome {
  if (status === 200) return stored.includes('processed') ? 'processed' : 'duplicate';
  if (status === 409) return 'conflict';
  if (status < 500) return 'rejected';
  return status === 503 ? 'unavailable' : 'failed';
}

function count(stored: readonly StoreOutcome[]): DeliveryReport['stored'] {
  const of = (outcome: StoreOutcome) => stored.filter((each) => each === outcome).length;
  return { processed: of('processed'), duplicate: of('duplicate'), conflict: of('conflict') };
}

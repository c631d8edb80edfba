import type { Request } from '@middy/core';
import type { EventOutcome } from '../../storage/event-outcome.ts';
import type { Judgement } from '../../storage/judgement.ts';
import { toEventReport } from '../../storage/to-event-report.ts';
import {
  type DeliveryReport,
  describeCause,
  type EventReport,
  type Outcome,
  type Report,
} from '../../telemetry/delivery-report.ts';
import type { Ended } from '../delivery.ts';
import type { Problem } from '../problem.ts';
import { firstCause, mostSevere } from './acknowledge.ts';
import { asProblem } from './answer-problem.ts';

/** Reports every delivery once it is answered: a hook for the end of middy's request. */
export function reportDelivery(report: Report) {
  return ({ event, response, error }: Request): void => {
    const problem = error ? asProblem(error) : undefined;
    report(toReport(event as Ended, response?.statusCode ?? 500, problem));
  };
}

function toReport(delivery: Ended, status: number, problem: Problem | undefined): DeliveryReport {
  const { source, judgements = [], outcomes = [] } = delivery;
  const only = judgements.length === 1 ? judgements[0] : undefined;
  return {
    outcome: outcomeOf(delivery, status),
    requestId: delivery.requestId,
    status,
    source: source?.name,
    provider: source?.providerName,
    ...(only && identityOf(only)),
    bodyBytes: delivery.body?.length,
    code: problem?.code,
    reason: problem?.reason,
    issues: problem?.issues,
    events: outcomes.map((outcome, index) => ({ ...identityOf(judgements[index]), ...toEventReport(outcome) })),
    usedPreviousSecret: delivery.usedPreviousSecret ?? false,
    sealedSecret: delivery.sealedSecret,
    latencyMs: performance.now() - delivery.startedAt,
    storeMs: delivery.storeMs,
    cause: describeCause(status >= 500 ? problem?.cause : causeOfQueueing(outcomes)),
  };
}

function identityOf(judgement: Judgement | undefined): Pick<EventReport, 'eventId' | 'eventType' | 'occurredAt'> {
  if (!judgement) return {};
  if ('invalid' in judgement) return { eventId: judgement.invalid.eventId };
  const { id, type, occurredAt } = judgement.valid;
  return { eventId: id, eventType: type, occurredAt };
}

function outcomeOf({ answered, outcomes = [] }: Ended, status: number): Outcome {
  if (answered) return 'handshake';
  if (status < 400) return mostSevere(outcomes);
  if (status === 409) return 'conflict';
  if (status < 500) return 'rejected';
  return status === 503 ? 'unavailable' : 'failed';
}

/** What kept the first event in the overflow queue from being stored. */
function causeOfQueueing(outcomes: readonly EventOutcome[]): unknown {
  const unstored = outcomes.flatMap((outcome) => ('status' in outcome && outcome.unstored ? [outcome.unstored] : []));
  return firstCause(unstored)?.unavailable;
}

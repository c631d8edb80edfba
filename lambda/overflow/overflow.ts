import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import { abortAt, type OpenDeadline } from '../aws/deadline.ts';
import { decodeMessage } from '../overflow-queue/overflow-message.ts';
import type { EventOutcome } from '../storage/event-outcome.ts';
import { eventIdOf, type Judgement } from '../storage/judgement.ts';
import { mapConcurrently } from '../storage/map-concurrently.ts';
import { outOfTime, type StoreOptions, type Stores, storeJudgement } from '../storage/store-judgement.ts';
import { toEventReport } from '../storage/to-event-report.ts';
import { describeCause } from '../telemetry/delivery-report.ts';
import type { OverflowReport } from '../telemetry/overflow-report.ts';

/** What the function of the overflow queue works with. */
export interface OverflowDependencies extends Stores {
  readonly report: (report: OverflowReport) => void;
}

/** A Lambda function behind the overflow queue. */
export type OverflowFunction = (event: SQSEvent) => Promise<SQSBatchResponse>;

/** How long the writes of one invocation may take, in milliseconds; the function's own time-out is longer. */
const TIME_BUDGET_MS = 20_000;

/**
 * Stores the events that the receiver could not store, by the same conditional put. SQS delivers a message again unless
 * all its events are durable; those that are stored by then are duplicates.
 * @param openDeadline ends the writes at their deadline; none begins later
 */
export function overflow(
  { report, ...stores }: OverflowDependencies,
  openDeadline: OpenDeadline = abortAt,
): OverflowFunction {
  return async ({ Records: records }) => {
    const deadline = performance.now() + TIME_BUDGET_MS;
    using limit = openDeadline(deadline);
    const failed: SQSRecord[] = [];
    for (const record of records) {
      const invocation = { ...stores, report, deadline, signal: limit.signal };
      if (!(await storeMessage(record, invocation))) failed.push(record);
    }
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

/** What the messages of one invocation share. */
interface Invocation extends OverflowDependencies {
  readonly deadline: number;
  /** Is aborted at the deadline. */
  readonly signal: AbortSignal;
}

/** @returns whether all events of the message are durable */
async function storeMessage(record: SQSRecord, { report, signal, ...stores }: Invocation): Promise<boolean> {
  // The sender got its answer, so even the conflict of a source that rejects them is kept.
  const options = { ...stores, keepsConflicts: true };
  const { messageId } = record;
  const receiveCount = Number(record.attributes.ApproximateReceiveCount);
  const judgements = readMessage(record);
  if (judgements instanceof Error) {
    report({ messageId, receiveCount, source: undefined, events: [], cause: describeCause(judgements) });
    return false;
  }
  const outcomes = await mapConcurrently(judgements, (judgement) =>
    // Even a write that is aborted at once takes time: thousands of them would outlast the function.
    signal.aborted ? outOfTime(judgement) : store(judgement, options),
  );
  const unstored = outcomes.find((outcome) => 'unavailable' in outcome);
  const cause = unstored && (describeCause(unstored.unavailable) ?? { name: unstored.reason });
  report({ messageId, receiveCount, source: sourceOf(judgements), events: outcomes.map(toEventReport), cause });
  return !unstored;
}

function readMessage({ body }: SQSRecord): readonly Judgement[] | Error {
  try {
    return decodeMessage(body);
  } catch (error) {
    return error instanceof Error ? error : new Error('The message cannot be read.');
  }
}

/** A defect in one event must not keep the others of its message from being stored. */
function store(judgement: Judgement, options: StoreOptions): Promise<EventOutcome> {
  return storeJudgement(judgement, options).catch((error: unknown) => ({
    unavailable: error,
    reason: 'table_unavailable',
    eventId: eventIdOf(judgement),
  }));
}

/** A message holds events of one delivery. */
function sourceOf([first]: readonly Judgement[]): string | undefined {
  return first && ('valid' in first ? first.valid : first.invalid).source;
}

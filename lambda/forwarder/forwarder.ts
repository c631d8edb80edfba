import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { EventItem } from '../events/event-item.ts';
import { type CauseReport, describeCause } from '../telemetry/delivery-report.ts';
import { type BusEntry, type BusEntryOptions, entryOf, toBusEntry, withoutPayload } from './bus-entry.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { EventBus, PutFailure } from './event-bus.ts';
import { putBatches } from './put-batches.ts';
import { newItem } from './stored-item.ts';

/**
 * The outcome of forwarding an event.
 * - `forwarded`: the bus has the event
 * - `payload_omitted`: the bus refused the event and has it without its payload
 * - `dead_letter`: the bus refused the event with and without its payload, and the dead-letter queue names it
 * - `failed`: Lambda sends the event again, and those after it
 */
export type ForwardOutcome = 'forwarded' | 'payload_omitted' | 'dead_letter' | 'failed';

/** What is reported of an event. */
export interface ForwardReport {
  readonly outcome: ForwardOutcome;
  /** The item's id. */
  readonly id: string;
  /** The error code of the bus, or `Unreadable` for an item that no entry can be made of. */
  readonly reason?: string;
  readonly cause?: CauseReport | undefined;
}

/** What a forwarder works with. */
export interface ForwarderDependencies extends BusEntryOptions {
  readonly bus: EventBus;
  readonly deadLetters: DeadLetters;
  readonly report: (report: ForwardReport) => void;
}

/** A Lambda function behind the table's stream. */
export type ForwarderFunction = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/** A new event of the stream. It has neither item nor entry if no such can be made of its record. */
interface NewEvent {
  readonly sequenceNumber: string;
  readonly id: string;
  readonly item?: EventItem;
  readonly entry?: BusEntry | undefined;
}

const UNREADABLE: PutFailure = { code: 'Unreadable', isPermanent: true, cause: undefined };

/**
 * Puts each new item of the table's stream on the bus, in order. After a failure that may pass, Lambda sends the records
 * again from that item on. An event that the bus refuses is put without its payload, or else named in the dead-letter
 * queue, so that it does not hold up the others.
 */
export function forwarder({ bus, deadLetters, report, ...options }: ForwarderDependencies): ForwarderFunction {
  return async ({ Records }, context) => {
    // A call may take half of the time. One that begins later could be ended half-way, with all that was done before it.
    const halfTime = context.getRemainingTimeInMillis() / 2;
    const isLate = () => context.getRemainingTimeInMillis() < halfTime;
    const events = Records.flatMap((record) => newEvent(record, options) ?? []);
    for (const batch of putBatches(events)) {
      const failed = isLate() ? batch[0] : await forwardBatch(batch, isLate);
      if (failed) return { batchItemFailures: [{ itemIdentifier: failed.sequenceNumber }] };
    }
    return { batchItemFailures: [] };
  };

  /** @returns the first event that must come again */
  async function forwardBatch(batch: readonly NewEvent[], isLate: () => boolean): Promise<NewEvent | undefined> {
    const entries = batch.flatMap(({ entry }) => entry ?? []);
    const results = entries.length > 0 ? [...(await bus.put(entries))] : [];
    for (const event of batch) {
      const failure = event.entry ? results.shift() : UNREADABLE;
      if (!(await settle(event, failure, isLate))) return event;
    }
    return undefined;
  }

  /** @returns whether the event is on the bus or in the dead-letter queue */
  async function settle(event: NewEvent, failure: PutFailure | undefined, isLate: () => boolean): Promise<boolean> {
    if (!failure) return succeed('forwarded', event.id);
    if (!failure.isPermanent || isLate()) return fail(event.id, failure);
    const short = event.item && entryOf(event.item, withoutPayload, options);
    return short ? await putShort(event.id, short, failure.code) : await bury(event.id, failure.code);
  }

  async function putShort(id: string, short: BusEntry, reason: string): Promise<boolean> {
    const [failure] = await bus.put([short]);
    if (!failure) return succeed('payload_omitted', id, reason);
    return failure.isPermanent ? await bury(id, failure.code) : fail(id, failure);
  }

  async function bury(id: string, reason: string): Promise<boolean> {
    try {
      await deadLetters.send({ id, table: options.tableName, reason });
      return succeed('dead_letter', id, reason);
    } catch (cause) {
      return fail(id, { code: 'DeadLetterQueue', cause });
    }
  }

  function succeed(outcome: ForwardOutcome, id: string, reason?: string): true {
    report({ outcome, id, ...(reason !== undefined && { reason }) });
    return true;
  }

  function fail(id: string, { code, cause }: Pick<PutFailure, 'code' | 'cause'>): false {
    report({ outcome: 'failed', id, reason: code, cause: describeCause(cause) });
    return false;
  }
}

/** @returns undefined for a record without a new item */
function newEvent(record: DynamoDBRecord, options: BusEntryOptions): NewEvent | undefined {
  const { SequenceNumber: sequenceNumber = '', Keys } = record.dynamodb ?? {};
  try {
    const item = newItem(record);
    return item && { sequenceNumber, id: item.id, item, entry: entryOf(item, toBusEntry, options) };
  } catch {
    return { sequenceNumber, id: Keys?.id?.S ?? '' };
  }
}

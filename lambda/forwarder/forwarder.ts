import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { Context, DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import { type CauseReport, describeCause } from '../telemetry/delivery-report.ts';
import { type BusEntryOptions, toBusEntry } from './bus-entry.ts';
import type { EventBus } from './event-bus.ts';
import { newItem } from './stored-item.ts';

/** The outcome of forwarding an event. */
export interface ForwardReport {
  readonly outcome: 'forwarded' | 'failed';
  /** The item's id. */
  readonly id: string;
  readonly cause?: CauseReport | undefined;
}

/** What a forwarder works with. */
export interface ForwarderDependencies extends BusEntryOptions {
  readonly bus: EventBus;
  readonly report: (report: ForwardReport) => void;
}

/** A Lambda function behind the table's stream. */
export type ForwarderFunction = (event: DynamoDBStreamEvent, context: Context) => Promise<DynamoDBBatchResponse>;

/** Takes each new item of the table's stream to the bus; those that failed are named, and come again. */
export function forwarder({ bus, report, ...options }: ForwarderDependencies): ForwarderFunction {
  const processor = new BatchProcessor(EventType.DynamoDBStreams);

  async function forward(record: DynamoDBRecord): Promise<void> {
    const item = newItem(record);
    if (!item) return;
    try {
      await bus.put(toBusEntry(item, options));
      report({ outcome: 'forwarded', id: item.id });
    } catch (error) {
      report({ outcome: 'failed', id: item.id, cause: describeCause(error) });
      throw error;
    }
  }

  return (event, context) =>
    processPartialResponse(event, forward, processor, { context, throwOnFullBatchFailure: false });
}

import type { DynamoDBBatchResponse, DynamoDBRecord, DynamoDBStreamEvent } from 'aws-lambda';
import type { VirtualClock } from './clock.ts';
import type { FunctionPool, Invocation } from './function-pool.ts';
import type { Random } from './random.ts';
import type { TableChange } from './table.ts';

/** The event source mapping of a table's stream with one shard. */
export interface StreamPoller {
  /** Adds a change of the table to the shard. */
  readonly append: (change: TableChange) => void;
}

/** How the shard is read. */
export interface StreamPollerOptions {
  readonly clock: VirtualClock;
  readonly random: Random;
  readonly function: FunctionPool<DynamoDBStreamEvent, DynamoDBBatchResponse>;
  readonly batchSize: number;
  readonly retryAttempts: number;
  readonly maxRecordAgeMs: number;
  /** Gets what was given up: the ids of the items. */
  readonly giveUp: (ids: readonly string[]) => void;
  readonly start: (activity: () => Promise<void>) => void;
}

interface ShardRecord {
  readonly record: DynamoDBRecord;
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

const POLL_MS = [20, 1_000] as const;
/** AWS does not document how long Lambda waits before it retries a batch. */
const FIRST_RETRY_MS = 200;
const LAST_RETRY_MS = 60_000;

/**
 * Reads a shard as Lambda does with `ReportBatchItemFailures` and `BisectBatchOnFunctionError`: it continues at the lowest
 * failed record, and halves a batch whose invocation failed.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export function streamPoller(options: StreamPollerOptions): StreamPoller {
  const { clock, random, batchSize } = options;
  const pending: ShardRecord[] = [];
  let isPolling = false;
  let sequence = 0;

  async function poll(): Promise<void> {
    isPolling = true;
    while (pending.length > 0) {
      await clock.sleep(random.between(...POLL_MS));
      await forward(pending.splice(0, batchSize), 0);
    }
    isPolling = false;
  }

  /** @param attempt 0 for the first */
  async function forward(batch: readonly ShardRecord[], attempt: number): Promise<void> {
    const records = batch.map(({ record }) => record);
    const invocation = await options.function.invoke({ Records: records });
    const failedAt = lowestFailure(records, invocation);
    if (failedAt === undefined) return;
    await clock.sleep(Math.min(LAST_RETRY_MS, FIRST_RETRY_MS * 2 ** attempt));
    const rest = stillYoung(batch.slice(failedAt));
    if (attempt >= options.retryAttempts) options.giveUp(rest.map(({ id }) => id));
    else await retry(rest, failedAt > 0 ? 0 : attempt + 1, invocation.failed !== undefined);
  }

  async function retry(batch: readonly ShardRecord[], attempt: number, isHalved: boolean): Promise<void> {
    const middle = isHalved ? Math.ceil(batch.length / 2) : batch.length;
    for (const part of [batch.slice(0, middle), batch.slice(middle)]) {
      if (part.length > 0) await forward(part, attempt);
    }
  }

  function stillYoung(batch: readonly ShardRecord[]): readonly ShardRecord[] {
    const young = batch.filter(({ at }) => clock.now() - at < options.maxRecordAgeMs);
    const old = batch.filter((each) => !young.includes(each));
    if (old.length > 0) options.giveUp(old.map(({ id }) => id));
    return young;
  }

  return {
    append(change) {
      // The mapping's filter lets no deletion through.
      if (!change.item) return;
      sequence += 1;
      pending.push({ record: toRecord(change, sequence), id: change.id, at: clock.now() });
      if (!isPolling) options.start(poll);
    },
  };
}

function lowestFailure(
  records: readonly DynamoDBRecord[],
  { result }: Invocation<DynamoDBBatchResponse>,
): number | undefined {
  if (!result) return 0;
  const failed = new Set(result.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  const index = records.findIndex(({ dynamodb }) => failed.has(dynamodb?.SequenceNumber ?? ''));
  return index < 0 ? undefined : index;
}

function toRecord({ id, item, old }: TableChange, sequence: number): DynamoDBRecord {
  const dynamodb = {
    SequenceNumber: String(sequence).padStart(21, '0'),
    Keys: { id: { S: id } },
    ...(item && { NewImage: item }),
    ...(old && { OldImage: old }),
  };
  const record = { eventName: old ? 'MODIFY' : 'INSERT', eventSource: 'aws:dynamodb', dynamodb };
  return record as DynamoDBRecord;
}

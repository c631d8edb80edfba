import { createHash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { Context, DynamoDBRecord, StreamRecord } from 'aws-lambda';
import type { EventItem } from '../../lambda/events/event-item.ts';
import type { ForwarderFunction } from '../../lambda/forwarder/forwarder.ts';

/** An item as the receiver stores it. */
export function storedItem(changes: Partial<EventItem> = {}): EventItem {
  const payload = changes.payload ?? '{"event_id":"evt_1"}';
  return {
    id: 'partner#evt_1',
    source: 'partner',
    provider: 'generic',
    event_id: 'evt_1',
    event_type: 'invoice.paid',
    occurred_at: '2026-03-01T11:59:00.000Z',
    received_at: '2026-03-01T12:00:00.250Z',
    expires_at: 1_774_958_400,
    data: { user_id: 'user_42' },
    payload,
    payload_sha256: createHash('sha256').update(payload).digest('hex'),
    ...changes,
  };
}

/** The change that a record describes. */
export interface Change {
  readonly eventName?: 'INSERT' | 'MODIFY' | 'REMOVE';
  readonly item?: EventItem | undefined;
  readonly old?: EventItem | undefined;
  readonly sequenceNumber?: string;
}

/** A record of the table's stream, as Lambda passes it on: bytes are in base64. */
export function streamRecord({ eventName = 'INSERT', item, old, sequenceNumber = '1' }: Change): DynamoDBRecord {
  const dynamodb: StreamRecord = {
    SequenceNumber: sequenceNumber,
    Keys: { id: { S: (item ?? old)?.id ?? '' } },
    ...(item && { NewImage: imageOf(item) }),
    ...(old && { OldImage: imageOf(old) }),
  };
  return { eventName, eventSource: 'aws:dynamodb', dynamodb };
}

function imageOf(item: EventItem): NonNullable<StreamRecord['NewImage']> {
  const base64 = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  const { payload, ...rest } = marshall(item);
  const bytes = payload?.B && { B: base64('', payload.B) };
  return JSON.parse(JSON.stringify({ ...rest, payload: bytes ?? payload }));
}

/**
 * Calls the function as Lambda does.
 * @param remainingMs how long the invocation may still run
 * @returns the sequence numbers of its batch item failures
 */
export async function callForwarder(
  deliver: ForwarderFunction,
  records: DynamoDBRecord[],
  remainingMs = () => 30_000,
): Promise<string[]> {
  const context = { awsRequestId: 'lambda-request', getRemainingTimeInMillis: remainingMs } as Context;
  const { batchItemFailures } = await deliver({ Records: records }, context);
  return batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
}

/** The message in the on-failure queue: the position of the records in the stream, without the records. */
export interface StreamPosition {
  readonly startSequenceNumber: string;
  readonly endSequenceNumber: string;
}

/** The event source mapping, and the services around it as the test sets them. */
export interface PollerParts {
  readonly batchSize: number;
  readonly retryAttempts: number;
  /**
   * Whether it halves a batch whose first record failed. AWS documents halving after failed invocations, and resuming at
   * the lowest failed sequence number, but not which of them applies if both could.
   */
  readonly halves: boolean;
  /** @returns the failed sequence numbers; throws if the invocation fails */
  readonly invoke: (records: DynamoDBRecord[]) => Promise<string[]>;
  /** Throws if the queue does not accept it. */
  readonly sendDeadLetter: (letter: StreamPosition) => void;
}

/**
 * Reads a shard to its end, as Lambda's event source mapping does with `ReportBatchItemFailures` and
 * `BisectBatchOnFunctionError`: resumes at the lowest failed sequence number, halves a batch that failed as a whole,
 * retries it, and gives up when its attempts are used up. A dead letter that the queue does not accept is sent again; AWS
 * documents only a metric for that, `DestinationDeliveryFailures`.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-batchfailurereporting.html
 */
export async function pollShard(records: readonly DynamoDBRecord[], parts: PollerParts): Promise<void> {
  for (let start = 0; start < records.length; start += parts.batchSize) {
    await pollBatch(records.slice(start, start + parts.batchSize), parts, parts.retryAttempts);
  }
}

async function pollBatch(batch: DynamoDBRecord[], parts: PollerParts, retries: number): Promise<void> {
  const failedAt = await lowestFailure(batch, parts);
  if (failedAt === undefined) return;
  const rest = batch.slice(failedAt);
  if (retries === 0) return giveUp(rest, parts);
  if (failedAt > 0 || rest.length === 1 || !parts.halves) return pollBatch(rest, parts, retries - 1);
  const middle = Math.ceil(rest.length / 2);
  await pollBatch(rest.slice(0, middle), parts, retries - 1);
  await pollBatch(rest.slice(middle), parts, retries - 1);
}

async function lowestFailure(batch: DynamoDBRecord[], { invoke }: PollerParts): Promise<number | undefined> {
  try {
    const failed = await invoke(batch);
    const places = failed.map((number) => batch.findIndex((record) => sequenceNumberOf(record) === number));
    return places.length > 0 ? Math.max(0, Math.min(...places)) : undefined;
  } catch {
    return 0;
  }
}

const MAX_SENDS = 1_000;

function giveUp(batch: readonly DynamoDBRecord[], { sendDeadLetter }: PollerParts): void {
  const letter = { startSequenceNumber: sequenceNumberOf(batch[0]), endSequenceNumber: sequenceNumberOf(batch.at(-1)) };
  for (let sends = 0; sends < MAX_SENDS; sends += 1) {
    try {
      sendDeadLetter(letter);
      return;
    } catch {}
  }
  throw new Error('The queue takes nothing.');
}

/** The sequence number of a record in its shard; empty without one. */
export const sequenceNumberOf = (record: DynamoDBRecord | undefined): string => record?.dynamodb?.SequenceNumber ?? '';

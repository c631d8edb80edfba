import { createHash } from 'node:crypto';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import type { AwsAnswer, AwsCall } from './aws-endpoint.ts';

/** A table with a stream that grows while it is read. */
export interface GrowingStream {
  /** The answers of DynamoDB and of its streams. */
  readonly answers: Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer>>;
  /** Stores an item. @param shardId @default - the first shard */
  readonly store: (item: EventItem, shardId?: string) => void;
  /** Closes a shard, which two others follow, and returns their ids. */
  readonly split: (shardId: string) => readonly string[];
  /** Makes every iterator that was given out expire. */
  readonly expireIterators: () => void;
  /** Makes the next reading of records fail with this error. */
  readonly fail: (type: string) => void;
  /** Resolves when records have been read. */
  readonly firstReading: Promise<void>;
  /** Forgets all records that were written so far. */
  readonly trim: () => void;
}

interface StreamShard {
  readonly id: string;
  readonly parent?: string;
  isClosed: boolean;
  readonly records: { readonly number: number; readonly image: object; readonly writtenAt: number }[];
}

export const GROWING_STREAM_ARN = 'arn:aws:dynamodb:us-east-1:111122223333:table/events/stream/1';
export const FIRST_SHARD = 'shardId-00000001';

/** A stream with one shard, whose table is `events`. @param clock of the records; epoch milliseconds */
export function growingStream(clock: () => number = Date.now): GrowingStream {
  const shards: StreamShard[] = [{ id: FIRST_SHARD, isClosed: false, records: [] }];
  const items: EventItem[] = [];
  const failures: string[] = [];
  const reading = Promise.withResolvers<void>();
  let generation = 0;
  let numbers = 0;
  let trimmedBefore = 0;

  const shardOf = (id: unknown) => {
    const shard = shards.find((each) => each.id === id);
    if (!shard) throw new Error(`There is no shard ${id}.`);
    return shard;
  };
  const kept = (shard: StreamShard) => shard.records.filter(({ number }) => number > trimmedBefore);

  function firstNumber(type: unknown, after: unknown): number | undefined {
    if (type === 'LATEST') return numbers + 1;
    if (type === 'TRIM_HORIZON') return 0;
    return Number(after) <= trimmedBefore ? undefined : Number(after) + 1;
  }

  return {
    store(item, shardId = FIRST_SHARD) {
      numbers += 1;
      items.push(item);
      shardOf(shardId).records.push({ number: numbers, image: jsonOf(item), writtenAt: clock() });
    },
    split(shardId) {
      shardOf(shardId).isClosed = true;
      const ids = [`${shardId}-a`, `${shardId}-b`];
      shards.push(...ids.map((id) => ({ id, parent: shardId, isClosed: false, records: [] })));
      return ids;
    },
    expireIterators() {
      generation += 1;
    },
    firstReading: reading.promise,
    fail: (type) => void failures.push(type),
    trim() {
      trimmedBefore = numbers;
    },
    answers: {
      DescribeTable: () => ({
        Table: { LatestStreamArn: GROWING_STREAM_ARN, StreamSpecification: { StreamEnabled: true } },
      }),
      DescribeStream: () => ({
        StreamDescription: {
          Shards: shards.map(({ id, parent, isClosed }) => ({
            ShardId: id,
            ...(parent && { ParentShardId: parent }),
            SequenceNumberRange: { StartingSequenceNumber: '0', ...(isClosed && { EndingSequenceNumber: '9' }) },
          })),
        },
      }),
      GetShardIterator({ ShardId, ShardIteratorType, SequenceNumber }) {
        const from = firstNumber(ShardIteratorType, SequenceNumber);
        if (from === undefined) return { __type: 'TrimmedDataAccessException', message: 'trimmed' };
        return { ShardIterator: `${generation} ${ShardId} ${from}` };
      },
      GetRecords({ ShardIterator }) {
        reading.resolve();
        const failure = failures.shift();
        if (failure) return { __type: failure, message: 'not now' };
        const [made, id, from] = String(ShardIterator).split(' ');
        if (Number(made) !== generation) return { __type: 'ExpiredIteratorException', message: 'expired' };
        const shard = shardOf(id);
        const page = kept(shard)
          .filter(({ number }) => number >= Number(from))
          .slice(0, 2);
        const next = Math.max(Number(from), (page.at(-1)?.number ?? 0) + 1);
        const isOver = shard.isClosed && page.length < 2;
        return {
          Records: page.map(({ number, image, writtenAt }) => ({
            eventName: 'INSERT',
            dynamodb: {
              SequenceNumber: String(number),
              NewImage: image,
              ApproximateCreationDateTime: Math.floor(writtenAt / 1000),
            },
          })),
          ...(!isOver && { NextShardIterator: `${generation} ${id} ${next}` }),
        };
      },
      Scan: () => ({
        Items: items.map(({ id, received_at }) => ({ id: { S: id }, received_at: { S: received_at } })),
        ScannedCount: items.length,
      }),
      GetItem({ Key }) {
        const { id } = Key as { id: { S: string } };
        const item = items.find((each) => each.id === id.S);
        return item ? { Item: jsonOf(item) } : {};
      },
    },
  };
}

/** An item in DynamoDB's JSON. */
function jsonOf(item: EventItem): object {
  const base64 = (_: string, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value;
  return JSON.parse(JSON.stringify(marshall(item), base64));
}

/** An item of a source as the receiver stores it. */
export function itemOf(source: string, provider: string, eventId: string, payload: string): EventItem {
  return {
    id: `${source}#${eventId}`,
    source,
    provider,
    event_id: eventId,
    received_at: new Date().toISOString(),
    expires_at: 4_000_000_000,
    data: {},
    payload,
    payload_sha256: createHash('sha256').update(payload).digest('hex'),
  };
}

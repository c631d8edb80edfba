import {
  type _Record,
  type AttributeValue,
  DescribeStreamCommand,
  type DynamoDBStreamsClient,
  type Shard,
} from '@aws-sdk/client-dynamodb-streams';
import type { EventItem } from '../../../lambda/events/event-item.ts';
import { newItem } from '../../../lambda/forwarder/stored-item.ts';
import { type ShardReader, type ShardRecord, type ShardStart, shardReader } from './shard-reader.ts';
import type { StreamPosition } from './stream-position.ts';

/** A new item, and what to do when its handler has got it. */
export interface NewItem {
  readonly item: EventItem;
  readonly settle: () => void;
}

/** What one reading of a stream found. */
export interface Polled {
  /** By the time of their receipt. */
  readonly items: readonly NewItem[];
  /** The error of a shard that could not be read, and is read again the next time. */
  readonly failure?: unknown;
}

/** Reads a table's stream. */
export interface TableStream {
  /** Reads one page of each shard. */
  readonly poll: () => Promise<Polled>;
  /** What has been read and settled. */
  readonly position: () => StreamPosition;
}

/** How a stream is read. */
export interface TableStreamOptions {
  readonly streamArn: string;
  readonly position: StreamPosition;
  /** Whether to begin with the next item that is stored. */
  readonly isFresh: boolean;
  readonly clock: () => number;
}

/** How long the list of shards is used: a shard takes records for hours. */
const LIST_MS = 30_000;

/** Reads the items that are new in a table, by the forwarder's rule. The shards that follow a shard are read after it. */
export function tableStream(client: DynamoDBStreamsClient, options: TableStreamOptions): TableStream {
  const { streamArn, position, isFresh, clock } = options;
  const readers = new Map<string, ShardReader>();
  let shards: readonly Shard[] = [];
  let listedAt = Number.NEGATIVE_INFINITY;
  let { readAt } = position;

  async function poll(): Promise<Polled> {
    const now = clock();
    if (now - listedAt >= LIST_MS) await list(now);
    const reading = readable();
    const pages = await Promise.allSettled(reading.map((reader) => reader.read()));
    const failed = pages.find((page) => page.status === 'rejected');
    if (!failed) readAt = now;
    // Other shards follow one that is over.
    if (reading.some((reader) => reader.isOver())) listedAt = Number.NEGATIVE_INFINITY;
    const items = pages.flatMap((page) => (page.status === 'fulfilled' ? page.value.flatMap(newItemOf) : []));
    const sorted = items.toSorted((one, other) => (one.item.received_at < other.item.received_at ? -1 : 1));
    return { items: sorted, ...(failed && { failure: failed.reason }) };
  }

  async function list(now: number): Promise<void> {
    const isFirst = shards.length === 0;
    shards = await shardsOf(client, streamArn);
    listedAt = now;
    for (const shard of shards) open(shard, isFresh && isFirst);
  }

  function open({ ShardId = '', SequenceNumberRange }: Shard, isLatest: boolean): void {
    const isClosed = SequenceNumberRange?.EndingSequenceNumber !== undefined;
    if (readers.has(ShardId) || (isLatest && isClosed)) return;
    readers.set(ShardId, shardReader(client, { StreamArn: streamArn, ShardId }, startOf(ShardId, isLatest)));
  }

  function startOf(shardId: string, isLatest: boolean): ShardStart {
    const after = position.shards[shardId];
    if (after !== undefined) return { after };
    return isLatest ? { latestFrom: position.since } : { since: position.since };
  }

  /** The shards that may have more records, and whose parents have none. */
  function readable(): readonly ShardReader[] {
    return shards.flatMap(({ ShardId = '', ParentShardId = '' }) => {
      const reader = readers.get(ShardId);
      return reader && !reader.isOver() && isOver(ParentShardId) ? reader : [];
    });
  }

  /** A shard that is not read is over, too: the stream no longer has it, or it was closed before the beginning. */
  const isOver = (shardId = '') => readers.get(shardId)?.isOver() ?? true;

  return {
    poll,
    position() {
      const listed = shards.flatMap(({ ShardId = '' }) => {
        const settledTo = readers.get(ShardId)?.settledTo();
        return settledTo === undefined ? [] : [[ShardId, settledTo] as const];
      });
      const unsettled = [...readers.values()].flatMap((reader) => reader.unsettledFrom() ?? []);
      const settled = shards.length === 0 ? position.shards : Object.fromEntries(listed);
      return { since: position.since, readAt: Math.min(readAt, ...unsettled), shards: settled };
    },
  };
}

async function shardsOf(client: DynamoDBStreamsClient, streamArn: string): Promise<readonly Shard[]> {
  const shards: Shard[] = [];
  let after: string | undefined;
  do {
    const page = { StreamArn: streamArn, ...(after !== undefined && { ExclusiveStartShardId: after }) };
    const { StreamDescription } = await client.send(new DescribeStreamCommand(page));
    shards.push(...(StreamDescription?.Shards ?? []));
    after = StreamDescription?.LastEvaluatedShardId;
  } while (after !== undefined);
  return shards;
}

/** An item that was edited or deleted, and one that cannot be read, needs not be read again. */
function newItemOf({ record, settle }: ShardRecord): NewItem[] {
  const item = itemIn(record);
  if (item) return [{ item, settle }];
  settle();
  return [];
}

function itemIn({ dynamodb }: _Record): EventItem | undefined {
  const images = { ...imageOf('NewImage', dynamodb?.NewImage), ...imageOf('OldImage', dynamodb?.OldImage) };
  return newItem({ dynamodb: images });
}

/** Lambda passes bytes on in base64; the SDK has decoded them. */
function imageOf(name: 'NewImage' | 'OldImage', image: Record<string, AttributeValue> | undefined) {
  if (!image) return undefined;
  const entries = Object.entries(image).map(([key, value]) => {
    return [key, value.B === undefined ? value : { B: Buffer.from(value.B).toString('base64') }];
  });
  return { [name]: Object.fromEntries(entries) };
}

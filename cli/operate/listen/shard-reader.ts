import {
  type _Record,
  type DynamoDBStreamsClient,
  ExpiredIteratorException,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type ShardIteratorType,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';

/** Where the reading of a shard begins. */
export type ShardStart =
  /** After this record, or with the first record of the shard, if the stream no longer has this one. */
  | { readonly after: string }
  /** With the first record that was written at this time or later; epoch milliseconds. */
  | { readonly since: number }
  /** With the next record that is written; with those since this time, if the reading is interrupted. */
  | { readonly latestFrom: number };

/** A record, and what is kept of it until it is settled. */
export interface ShardRecord {
  readonly record: _Record;
  /** Called when the record needs not be read again. */
  readonly settle: () => void;
}

/** Reads a shard. */
export interface ShardReader {
  /** Reads one page of records. */
  readonly read: () => Promise<readonly ShardRecord[]>;
  /** Whether all records of the shard have been read, and there will be no others. */
  readonly isOver: () => boolean;
  /** The last record that is settled, with all before it; undefined if there is none. */
  readonly settledTo: () => string | undefined;
  /** When the first record was written that is not settled; undefined if all are. Epoch milliseconds. */
  readonly unsettledFrom: () => number | undefined;
}

interface Pending {
  readonly sequenceNumber: string;
  readonly writtenAt: number;
  isSettled: boolean;
}

/** Opens a shard at a position. */
export function shardReader(
  client: DynamoDBStreamsClient,
  shard: { readonly StreamArn: string; readonly ShardId: string },
  start: ShardStart,
): ShardReader {
  let from: ShardStart = start;
  let iterator: string | undefined;
  let isOver = false;
  let settledTo = 'after' in start ? start.after : undefined;
  const pending: Pending[] = [];

  async function read(): Promise<readonly ShardRecord[]> {
    iterator ??= await openIterator();
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    iterator = NextShardIterator;
    isOver = NextShardIterator === undefined;
    const after = Records.at(-1)?.dynamodb?.SequenceNumber;
    const records = Records.filter(isWanted(from)).map(keep);
    if (after !== undefined) from = { after };
    return records;
  }

  async function openIterator(): Promise<string | undefined> {
    try {
      return await iteratorAt(typeOf(from), 'after' in from ? from.after : undefined);
    } catch (error) {
      if (!(error instanceof TrimmedDataAccessException)) throw error;
      // What is left in the shard is newer than what is gone.
      return await iteratorAt('TRIM_HORIZON');
    }
  }

  async function iteratorAt(type: ShardIteratorType, after?: string): Promise<string | undefined> {
    const position = { ShardIteratorType: type, ...(after !== undefined && { SequenceNumber: after }) };
    return (await client.send(new GetShardIteratorCommand({ ...shard, ...position }))).ShardIterator;
  }

  function keep(record: _Record): ShardRecord {
    const { SequenceNumber: sequenceNumber = '' } = record.dynamodb ?? {};
    const kept: Pending = { sequenceNumber, writtenAt: writtenAt(record) ?? Date.now(), isSettled: false };
    pending.push(kept);
    return {
      record,
      settle() {
        kept.isSettled = true;
        for (; pending[0]?.isSettled; pending.shift()) settledTo = pending[0].sequenceNumber;
      },
    };
  }

  return {
    async read() {
      try {
        return await read();
      } catch (error) {
        if (!(error instanceof ExpiredIteratorException)) throw error;
        iterator = undefined;
        if ('latestFrom' in from) from = { since: from.latestFrom };
        return [];
      }
    },
    isOver: () => isOver,
    settledTo: () => settledTo,
    unsettledFrom: () => pending[0]?.writtenAt,
  };
}

function typeOf(start: ShardStart): ShardIteratorType {
  if ('after' in start) return 'AFTER_SEQUENCE_NUMBER';
  return 'since' in start ? 'TRIM_HORIZON' : 'LATEST';
}

/** The time of a record is cut to the second. */
function isWanted(start: ShardStart): (record: _Record) => boolean {
  if (!('since' in start)) return () => true;
  const since = Math.floor(start.since / 1000) * 1000;
  return (record) => (writtenAt(record) ?? since) >= since;
}

const writtenAt = ({ dynamodb }: _Record) => dynamodb?.ApproximateCreationDateTime?.getTime();

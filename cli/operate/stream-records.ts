import {
  type _Record,
  type DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  ResourceNotFoundException,
  type StreamRecord,
  TrimmedDataAccessException,
} from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { newItem } from '../../lambda/forwarder/stored-item.ts';
import type { StreamBatch } from './stream-batch.ts';

/**
 * The ids of a batch's new items, as the forwarder tells them; undefined where the stream no longer has all of its
 * records, which it keeps for 24 hours.
 */
export async function newItemIds(
  client: DynamoDBStreamsClient,
  batch: StreamBatch,
): Promise<readonly string[] | undefined> {
  const records = await recordsOf(client, batch).catch(goneOr);
  return records?.flatMap((record) => newItem(asForLambda(record))?.id ?? []);
}

function goneOr(error: unknown): undefined {
  const isGone = error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException;
  if (!isGone) throw error;
}

/** Undefined unless the first and the last one are among them. */
async function recordsOf(client: DynamoDBStreamsClient, batch: StreamBatch): Promise<_Record[] | undefined> {
  const { streamArn, shardId, first, last } = batch;
  const records: _Record[] = [];
  for await (const record of recordsFrom(client, { StreamArn: streamArn, ShardId: shardId, SequenceNumber: first })) {
    const number = record.dynamodb?.SequenceNumber ?? '';
    if (records.length === 0 && number !== first) return undefined;
    records.push(record);
    if (number === last) return records;
    if (BigInt(number) > BigInt(last)) return undefined;
  }
  return undefined;
}

/** An open shard has no end: what it has not given in so many answers without a record is not there. */
const MOST_EMPTY_ANSWERS = 50;

/** The records of a shard from a sequence number on. */
async function* recordsFrom(
  client: DynamoDBStreamsClient,
  from: { StreamArn: string; ShardId: string; SequenceNumber: string },
): AsyncGenerator<_Record> {
  const start = new GetShardIteratorCommand({ ...from, ShardIteratorType: 'AT_SEQUENCE_NUMBER' });
  let { ShardIterator: iterator } = await client.send(start);
  for (let empty = 0; iterator && empty < MOST_EMPTY_ANSWERS; ) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    yield* Records;
    empty = Records.length === 0 ? empty + 1 : 0;
    iterator = NextShardIterator;
  }
}

/** What tells a new item, in the form in which Lambda passes a record on. */
function asForLambda({ dynamodb }: _Record): DynamoDBRecord {
  return { dynamodb: { ...imageOf('NewImage', dynamodb), ...imageOf('OldImage', dynamodb) } };
}

function imageOf(name: 'NewImage' | 'OldImage', record: StreamRecord | undefined) {
  const image = record?.[name];
  return image && { [name]: { id: { S: image.id?.S ?? '' }, received_at: { S: image.received_at?.S ?? '' } } };
}

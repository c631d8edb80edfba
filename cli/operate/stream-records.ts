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
 * Reads the ids of the new items in a batch, by the forwarder's rule.
 * @returns undefined if the stream no longer has all records of the batch: it keeps them for 24 hours
 */
export async function newItemIds(
  client: DynamoDBStreamsClient,
  batch: StreamBatch,
): Promise<readonly string[] | undefined> {
  const records = await recordsOf(client, batch).catch(undefinedIfGone);
  return records?.flatMap((record) => newItem(asForLambda(record))?.id ?? []);
}

function undefinedIfGone(error: unknown): undefined {
  const isGone = error instanceof TrimmedDataAccessException || error instanceof ResourceNotFoundException;
  if (!isGone) throw error;
}

/** @returns undefined unless the first and the last record are found */
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

/** An open shard has no end. After so many empty pages in a row, there are no further records. */
const MAX_EMPTY_PAGES = 50;

/** The records of a shard, beginning at a sequence number. */
async function* recordsFrom(
  client: DynamoDBStreamsClient,
  from: { StreamArn: string; ShardId: string; SequenceNumber: string },
): AsyncGenerator<_Record> {
  const start = new GetShardIteratorCommand({ ...from, ShardIteratorType: 'AT_SEQUENCE_NUMBER' });
  let { ShardIterator: iterator } = await client.send(start);
  for (let empty = 0; iterator && empty < MAX_EMPTY_PAGES; ) {
    const { Records = [], NextShardIterator } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }));
    yield* Records;
    empty = Records.length === 0 ? empty + 1 : 0;
    iterator = NextShardIterator;
  }
}

/** The attributes that identify a new item, in the form that Lambda gives to the forwarder. */
function asForLambda({ dynamodb }: _Record): DynamoDBRecord {
  return { dynamodb: { ...imageOf('NewImage', dynamodb), ...imageOf('OldImage', dynamodb) } };
}

function imageOf(name: 'NewImage' | 'OldImage', record: StreamRecord | undefined) {
  const image = record?.[name];
  return image && { [name]: { id: { S: image.id?.S ?? '' }, received_at: { S: image.received_at?.S ?? '' } } };
}

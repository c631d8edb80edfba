import type { DynamoDBRecord } from 'aws-lambda';
import type { AwsAnswer, AwsCall } from './aws-endpoint.ts';
import { sequenceNumberOf } from './stream.ts';

/** ARN of the stream. */
const STREAM_ARN = 'arn:aws:dynamodb:us-east-1:111122223333:table/events/stream/2026-03-01T00:00:00.000';

/** The only shard of the stream. */
const SHARD_ID = 'shardId-00000001772323200000-0a1b2c3d';

type Answers = Readonly<Record<string, (input: AwsCall['input']) => AwsAnswer>>;

/**
 * The answers of DynamoDB Streams for a shard that is still open: two records at a time, and then none.
 * @param trimmedBefore records before this sequence number are older than 24 hours
 */
export function tableStream(records: readonly DynamoDBRecord[], trimmedBefore = '0'): Answers {
  const kept = records.filter((record) => BigInt(sequenceNumberOf(record)) >= BigInt(trimmedBefore));
  return {
    GetShardIterator({ StreamArn, ShardId, ShardIteratorType, SequenceNumber }) {
      const isKnown = StreamArn === STREAM_ARN && ShardId === SHARD_ID;
      if (!isKnown) return { __type: 'ResourceNotFoundException', message: 'no such shard' };
      if (ShardIteratorType !== 'AT_SEQUENCE_NUMBER')
        return { __type: 'ValidationException', message: 'not of this test' };
      const at = kept.findIndex((record) => sequenceNumberOf(record) === SequenceNumber);
      return at < 0 ? { __type: 'TrimmedDataAccessException', message: 'trimmed' } : { ShardIterator: `${at}` };
    },
    GetRecords({ ShardIterator }) {
      const at = Number(ShardIterator);
      return { Records: kept.slice(at, at + 2), NextShardIterator: `${at + 2}` };
    },
  };
}

/** The body of a dead letter, as Lambda writes it. */
export function deadLetter(first: string, last: string, changes: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    requestContext: {
      requestId: '316aa6d0-8154-4a2b-9af7-85d5f4a6bc81',
      functionArn: 'arn:aws:lambda:us-east-1:111122223333:function:forwarder',
      condition: 'RecordAgeExceeded',
      approximateInvokeCount: 1_200,
    },
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: null },
    version: '1.0',
    timestamp: '2026-03-02T11:00:01.717Z',
    DDBStreamBatchInfo: {
      shardId: SHARD_ID,
      startSequenceNumber: first,
      endSequenceNumber: last,
      approximateArrivalOfFirstRecord: '2026-03-01T12:00:00Z',
      approximateArrivalOfLastRecord: '2026-03-01T12:00:01Z',
      batchSize: Number(last) - Number(first) + 1,
      streamArn: STREAM_ARN,
      ...changes,
    },
  });
}

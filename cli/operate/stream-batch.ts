import * as v from 'valibot';

/** A batch of records of the table's stream that the forwarder gave up. */
export interface StreamBatch {
  readonly streamArn: string;
  readonly shardId: string;
  /** Sequence numbers of the first and the last record. */
  readonly first: string;
  readonly last: string;
  /** The number of records. */
  readonly size: number;
  /** When the first and the last record arrived in the stream, in epoch milliseconds, cut to a second. */
  readonly arrivedFrom: number;
  readonly arrivedTo: number;
}

const sequenceNumber = v.pipe(v.string(), v.digits());
const name = v.pipe(v.string(), v.minLength(1));
const time = v.pipe(v.string(), v.isoTimestamp(), v.transform(Date.parse));

const DeadLetter = v.pipe(
  v.string(),
  v.parseJson(),
  v.object({
    DDBStreamBatchInfo: v.object({
      streamArn: name,
      shardId: name,
      startSequenceNumber: sequenceNumber,
      endSequenceNumber: sequenceNumber,
      batchSize: v.number(),
      approximateArrivalOfFirstRecord: time,
      approximateArrivalOfLastRecord: time,
    }),
  }),
);

/**
 * Reads the batch that a dead letter names.
 * @returns undefined if the message is not a dead letter of a DynamoDB stream
 * @see https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
 */
export function streamBatchOf(body: string | undefined): StreamBatch | undefined {
  const letter = v.safeParse(DeadLetter, body);
  if (!letter.success) return undefined;
  const info = letter.output.DDBStreamBatchInfo;
  return {
    streamArn: info.streamArn,
    shardId: info.shardId,
    first: info.startSequenceNumber,
    last: info.endSequenceNumber,
    size: info.batchSize,
    arrivedFrom: info.approximateArrivalOfFirstRecord,
    arrivedTo: info.approximateArrivalOfLastRecord,
  };
}

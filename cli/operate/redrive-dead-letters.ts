import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Message } from '@aws-sdk/client-sqs';
import type { DeadLetter as EventLetter } from '../../lambda/forwarder/dead-letters.ts';
import { interruption } from '../interruption.ts';
import { printError } from '../print.ts';
import { printableLine } from '../printable.ts';
import { reasonOf } from './aws-errors.ts';
import { deadLetterOf, isOfTable } from './dead-letter.ts';
import { putEvents, type RefusedEvent } from './put-events.ts';
import { type FindReceivedItems, receivedItemFinder } from './received-items.ts';
import { type Redelivery, redelivery } from './redelivery.ts';
import type { SqsQueue } from './sqs-queue.ts';
import type { ForwardingOutputs } from './stack-outputs.ts';
import type { StreamBatch } from './stream-batch.ts';
import { newItemIds } from './stream-records.ts';

/** The outcome for a dead letter. */
export interface RedriveResult {
  /** The ids of the items whose events were put on the bus, or would be in a dry run. */
  readonly put: readonly string[];
  /** How many of its items are no longer in the table. */
  readonly gone: number;
  /** How many of its events the bus refuses. Each has its own dead letter from now on. */
  readonly refused: number;
  /** Why the dead letter is left in the queue; undefined if it was deleted, or would be in a dry run. */
  readonly left?: string;
}

/** Options of a redrive. */
export interface RedriveOptions {
  readonly queue: SqsQueue;
  readonly outputs: ForwardingOutputs;
  /** Whether to put nothing and to leave every dead letter. */
  readonly isDryRun: boolean;
  /** Whether to scan the table for the events of records that the stream no longer has. */
  readonly isScan: boolean;
}

/** What the steps of a redrive share. */
interface Redrive extends RedriveOptions {
  readonly redeliver: Redelivery;
  readonly streams: DynamoDBStreamsClient;
  readonly signal: AbortSignal;
}

/** A dead letter whose records the stream no longer has. */
interface TrimmedLetter {
  readonly message: Message;
  readonly batch: StreamBatch;
}

/**
 * Redrives dead letters one after the other, and reports each on standard error. One that fails is left, and so are those
 * after an interruption.
 */
export async function redriveDeadLetters(
  messages: readonly Message[],
  options: RedriveOptions,
): Promise<readonly RedriveResult[]> {
  const { outputs, isDryRun } = options;
  const redrive: Redrive = {
    ...options,
    redeliver: once(redelivery(outputs, isDryRun)),
    streams: new DynamoDBStreamsClient(),
    signal: interruption(() => printError('Interrupted: stopping after the current dead letter.')),
  };
  const results: RedriveResult[] = [];
  const trimmed: TrimmedLetter[] = [];
  const finish = async (message: Message, result: RedriveResult) => {
    const final = await release(message, result, redrive);
    results.push(final);
    const place = `${results.length}/${messages.length} ${message.MessageId}`;
    printError(printableLine(`${place}: ${describe(final, isDryRun)}`));
  };

  for (const message of messages) {
    const result = await unlessInterrupted(redrive, () => redriveLetter(message, redrive));
    if ('batch' in result) trimmed.push(result);
    else await finish(message, result);
  }
  const find = receivedItemFinder(outputs.tableName, trimmed);
  for (const letter of trimmed) {
    await finish(letter.message, await unlessInterrupted(redrive, () => redriveFromTable(letter, find, redrive)));
  }
  return results;
}

async function unlessInterrupted<T>({ signal }: Redrive, action: () => Promise<T>): Promise<T | RedriveResult> {
  return signal.aborted ? leave('interrupted') : await action().catch(leaveFailed);
}

async function redriveLetter(message: Message, redrive: Redrive): Promise<RedriveResult | TrimmedLetter> {
  const { outputs, streams, isScan } = redrive;
  const letter = deadLetterOf(message.Body);
  if (!letter) return leave('it names no event and no batch of a DynamoDB stream');
  if (!isOfTable(letter, outputs.tableName)) return leave(`it is not of the table ${outputs.tableName}`);
  if ('event' in letter) return await redriveEvent(letter.event.id, redrive);
  const ids = await newItemIds(streams, letter.batch);
  if (ids) return await redriveBatch(ids, redrive);
  return isScan ? { message, batch: letter.batch } : leave(TRIMMED);
}

const TRIMMED =
  'the stream no longer has its records, which it keeps for 24 hours; --scan finds their events in the table';

async function redriveFromTable({ message, batch }: TrimmedLetter, find: FindReceivedItems, redrive: Redrive) {
  const ids = await find(batch);
  const found = `${ids.length} items were received when its ${batch.size} records arrived`;
  printError(printableLine(`${message.MessageId}: ${found}`));
  const result = await redriveBatch(ids, redrive);
  return result.left === undefined && ids.length < batch.size ? { ...result, left: TOO_FEW } : result;
}

/** An event that waited in the overflow queue was received up to days before its record arrived. */
const TOO_FEW =
  'it has more records than items were found; the other items may have waited in the overflow queue, and were received earlier; --drop gives them up';

async function redriveEvent(id: string, { redeliver, isDryRun }: Redrive): Promise<RedriveResult> {
  const { put, gone, refused, failed } = await putEvents([id], redeliver, isDryRun);
  if (failed > 0) return leave('its event failed');
  return refused.length > 0 ? leave('its event is refused; --drop gives it up') : { put, gone, refused: 0 };
}

/** Gives each event that the bus refuses its own dead letter, so that the others are not put again. */
async function redriveBatch(ids: readonly string[], redrive: Redrive): Promise<RedriveResult> {
  const { redeliver, isDryRun } = redrive;
  const { put, gone, refused, failed } = await putEvents(ids, redeliver, isDryRun);
  if (failed > 0) return leave(`${failed} of its ${ids.length} events failed`, put);
  const failure = await sendLetters(refused, redrive).catch(leaveFailed);
  return failure ? { ...failure, put } : { put, gone, refused: refused.length };
}

async function sendLetters(events: readonly RefusedEvent[], { queue, outputs }: Redrive): Promise<undefined> {
  for (const { id, reason } of events) {
    const letter: EventLetter = { id, table: outputs.tableName, reason };
    await queue.send({ Body: JSON.stringify(letter) });
  }
}

const leave = (left: string, put: readonly string[] = []): RedriveResult => ({ put, gone: 0, refused: 0, left });
const leaveFailed = (error: unknown) => leave(reasonOf(error, 'redrive it'));

/** Deletes a dead letter that was redriven, and returns any other to the queue. */
async function release(message: Message, result: RedriveResult, { queue, isDryRun }: Redrive): Promise<RedriveResult> {
  if (result.left === undefined && !isDryRun) {
    const failure = await queue.delete(message).catch(leaveFailed);
    if (!failure) return result;
    await queue.release(message);
    return { ...failure, put: result.put };
  }
  await queue.release(message);
  return result;
}

/** Puts an event once that two dead letters name. */
function once(redeliver: Redelivery): Redelivery {
  const puts = new Map<string, ReturnType<Redelivery>>();
  return (id) => {
    const put = puts.get(id) ?? redeliver(id);
    puts.set(id, put);
    return put;
  };
}

function describe({ put, gone, refused, left }: RedriveResult, isDryRun: boolean): string {
  if (left !== undefined) return `left in the queue: ${left}`;
  const missing = gone > 0 ? `, ${gone} no longer in the table` : '';
  const separate = refused > 0 ? `, ${refused} refused, each with its own dead letter now` : '';
  return `${put.length} ${isDryRun ? 'would be put' : 'put'}${missing}${separate}`;
}

import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import type { Message } from '@aws-sdk/client-sqs';
import { readOptions, UsageError } from '../arguments.ts';
import { reasonOf, withAdvice } from './aws-errors.ts';
import { type DeadLetterQueue, deadLetterQueue, HOLD_SECONDS } from './dead-letter-queue.ts';
import { isOfBatch, receivedItems } from './received-items.ts';
import { type Redelivery, redelivery } from './redelivery.ts';
import { forwardingOutputs, outputOf, STANDARD_STACK, stackOutputs } from './stack-outputs.ts';
import { type StreamBatch, streamBatchOf } from './stream-batch.ts';
import { newItemIds } from './stream-records.ts';

const HELP = `Empties the inbox's dead-letter queue: delivers again what it names.

  npm run redrive -- [--stack NAME] [--dry-run] [--scan]

  --stack NAME  the stack (${STANDARD_STACK})
  --dry-run     says what would be put on the bus; puts nothing, and leaves every dead letter
  --scan        for dead letters whose records the stream no longer has: finds their events by when they were received

A dead letter names records of the table's stream, which keeps them for 24 hours. Their events are read from the table
and put on the bus; the dead letter is deleted once all of them are there, or are no longer in the table. --scan reads
the whole table, once, and pays for that; it may deliver more events than were lost. Every rule that matches gets them,
so consumers must know an event by its id. Control and C ends it after the dead letter under way. Those that are left go
back to the queue, within ${HOLD_SECONDS / 60} minutes at most. Exit status 1 unless all were redriven; what was not is named on standard
error. The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** What became of a dead letter: how many of its events were put and how many are gone, or why it is left. */
type Fate = { readonly put: number; readonly gone: number } | { readonly left: string };

/** A dead letter whose batch is known. */
interface DeadLetter {
  readonly message: Message;
  readonly batch: StreamBatch;
}

/** What a redrive works with. */
interface RedriveDependencies {
  readonly queue: DeadLetterQueue;
  readonly putAgain: Redelivery;
  /** The ids of the items that were put. */
  readonly put: Set<string>;
  readonly tableName: string;
  readonly isDryRun: boolean;
  /** Whether to look through the table for what the stream no longer has. */
  readonly isScan: boolean;
}

/** The command `npm run redrive`. */
export async function redrive(): Promise<void> {
  const options = readOptions(HELP, {
    stack: { type: 'string', default: STANDARD_STACK },
    'dry-run': { type: 'boolean', default: false },
    scan: { type: 'boolean', default: false },
  });
  if (!options) return;
  const { stack, scan: isScan, 'dry-run': isDryRun } = options;
  const stackOf = await stackOutputs(stack);
  const outputs = forwardingOutputs(stackOf);
  const queue = deadLetterQueue(outputOf(stackOf, 'DeadLetterQueueUrl', 'the inbox was deployed without delivery.'));
  const messages = await withAdvice('receive the dead letters', queue.receiveAll);
  if (messages.length === 0) return await nothingThere(queue);
  const putAgain = once(redelivery(outputs, isDryRun));
  const parts = { queue, putAgain, put: new Set<string>(), tableName: outputs.tableName, isDryRun, isScan };
  sumUp(await redriveAll(messages, parts), parts);
}

/** Messages that a redrive received before it was ended are not seen for a while. */
async function nothingThere(queue: DeadLetterQueue): Promise<void> {
  const held = await withAdvice('look at the dead-letter queue', queue.held);
  if (held === 0) return console.log('The dead-letter queue is empty.');
  throw new UsageError(
    `Another redrive holds the dead letters, or one that was ended: about ${held}. Wait for it; they come back within ${HOLD_SECONDS / 60} minutes.`,
  );
}

/** An event that two dead letters are about is put once. */
function once(putAgain: Redelivery): Redelivery {
  const puts = new Map<string, ReturnType<Redelivery>>();
  return (id) => {
    const put = puts.get(id) ?? putAgain(id);
    puts.set(id, put);
    return put;
  };
}

/** One after the other; one that fails does not keep the others. Control and C ends it after the one under way. */
async function redriveAll(messages: readonly Message[], parts: RedriveDependencies): Promise<readonly Fate[]> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => {
    console.error('Interrupted: it ends after the dead letter under way.');
    interrupted.abort();
  });
  const fates: Fate[] = [];
  const trimmed: DeadLetter[] = [];

  async function settle(message: Message, decide: () => Promise<Fate | DeadLetter>): Promise<void> {
    const fate = interrupted.signal.aborted ? { left: 'interrupted' } : await decide().catch(leftFor);
    if ('batch' in fate) return void trimmed.push(fate);
    if ('left' in fate || parts.isDryRun) await parts.queue.release(message);
    fates.push(fate);
    console.error(`${fates.length}/${messages.length} ${message.MessageId}: ${described(fate, parts.isDryRun)}`);
  }

  const streams = new DynamoDBStreamsClient();
  for (const message of messages) await settle(message, () => redriveFromStream(message, streams, parts));
  const find = finderIn(parts.tableName, trimmed);
  for (const letter of [...trimmed]) await settle(letter.message, () => redriveFromTable(letter, find, parts));
  return fates;
}

/** Gives the dead letter back where the stream no longer has its records, and the table shall be looked through. */
async function redriveFromStream(
  message: Message,
  streams: DynamoDBStreamsClient,
  parts: RedriveDependencies,
): Promise<Fate | DeadLetter> {
  const batch = streamBatchOf(message.Body);
  if (!batch) return { left: 'it names no batch of a DynamoDB stream' };
  if (!batch.streamArn.includes(`:table/${parts.tableName}/stream/`))
    return { left: `it is not of the table ${parts.tableName}` };
  const ids = await newItemIds(streams, batch);
  if (ids) return await redriveItems(message, ids, parts);
  return parts.isScan ? { message, batch } : { left: TRIMMED };
}

const TRIMMED =
  'the stream no longer has its records, which it keeps for 24 hours; --scan finds their events in the table';

async function redriveFromTable({ message, batch }: DeadLetter, find: FindReceived, parts: RedriveDependencies) {
  const ids = await find(batch);
  console.error(`${message.MessageId}: ${ids.length} items were received when its ${batch.size} records came`);
  return await redriveItems(message, ids, parts);
}

/** The ids of the items that may be of a batch. */
type FindReceived = (batch: StreamBatch) => Promise<readonly string[]>;

/** Looks through the table when it is first asked, and once. */
function finderIn(tableName: string, letters: readonly DeadLetter[]): FindReceived {
  let items: ReturnType<typeof receivedItems> | undefined;
  return async (batch) => {
    items ??= receivedItems(
      tableName,
      letters.map((letter) => letter.batch),
    );
    return (await items).filter((item) => isOfBatch(item, batch)).map(({ id }) => id);
  };
}

/** Puts all on the bus, then deletes the dead letter. */
async function redriveItems(message: Message, ids: readonly string[], parts: RedriveDependencies): Promise<Fate> {
  const fate = await putAll(ids, parts);
  if (!('left' in fate || parts.isDryRun)) await parts.queue.delete(message);
  return fate;
}

/** One that fails is named, and does not keep the others. */
async function putAll(ids: readonly string[], { putAgain, put, isDryRun }: RedriveDependencies): Promise<Fate> {
  const count = { put: 0, gone: 0, failed: 0 };
  for (const id of ids) {
    const outcome = await putAgain(id).then(outcomeOf, (error) => {
      console.error(`${id}: failed: ${reasonOf(error, 'read or put it')}`);
      return 'failed' as const;
    });
    count[outcome] += 1;
    if (outcome === 'gone') console.error(`${id}: no longer in the table`);
    if (outcome === 'put') put.add(id);
    if (outcome === 'put' && isDryRun) console.log(`${id}: would put ${await putAgain(id)}`);
  }
  return count.failed > 0 ? { left: `${count.failed} of its ${ids.length} events failed` } : count;
}

const outcomeOf = (said: string | undefined) => (said === undefined ? 'gone' : 'put');

function leftFor(error: unknown): Fate {
  return { left: reasonOf(error, 'redrive it') };
}

function described(fate: Fate, isDryRun: boolean): string {
  if ('left' in fate) return `left in the queue: ${fate.left}`;
  const gone = fate.gone > 0 ? `, ${fate.gone} no longer in the table` : '';
  return `${fate.put} ${isDryRun ? 'would be put' : 'put'}${gone}`;
}

function sumUp(fates: readonly Fate[], { put, isDryRun }: RedriveDependencies): void {
  const left = fates.filter((fate) => 'left' in fate).length;
  const what = isDryRun ? ['that would be put', 'that would be redriven'] : ['put', 'redriven'];
  const redriven = fates.length - left;
  console.log(`Events ${what[0]} on the bus: ${put.size}. Dead letters ${what[1]}: ${redriven}, left: ${left}.`);
  if (left > 0) process.exitCode = 1;
}

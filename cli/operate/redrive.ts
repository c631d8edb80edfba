import { readOptions, UsageError } from '../arguments.ts';
import { invocation } from '../invocation.ts';
import { print, printError } from '../print.ts';
import { withAdvice } from './aws-errors.ts';
import { type DropOptions, dropDeadLetters } from './drop-dead-letters.ts';
import { listOverflow, moveOverflow, type OverflowQueues } from './move-overflow.ts';
import { STANDARD_STACK } from './named-inbox.ts';
import { type RedriveOptions, type RedriveResult, redriveDeadLetters } from './redrive-dead-letters.ts';
import { HOLD_SECONDS, type SqsQueue, sqsQueue } from './sqs-queue.ts';
import { type DeployedOutputs, forwardingOutputs, inboxOutputs } from './stack-outputs.ts';

const HELP = `Empties the inbox's dead-letter queues: puts the events that could not be forwarded on the event bus, and moves what
could not be stored back to the overflow queue.

  ${invocation('redrive', '[--stack NAME] [--inbox NAME] [--dry-run] [--scan]')}
  ${invocation('redrive', '--drop MESSAGE... [--stack NAME] [--inbox NAME] [--dry-run] [--yes]')}

  --stack NAME    the stack that has the inbox (${STANDARD_STACK})
  --inbox NAME    the inbox, if the stack has several
  --dry-run       lists what would be done; changes no queue, and puts nothing
  --scan          for dead letters whose records the stream no longer has: finds their events by the time of receipt
  --drop MESSAGE  lists and deletes this dead letter, by the id that the command prints; may be repeated
  --yes           drops without asking

A dead letter of forwarding names an event that EventBridge refused, or records of the table's stream, which keeps
them for 24 hours. The command reads the events from the table and puts them on the bus, without the payload if
EventBridge refuses that. It deletes a dead letter once its events are on the bus or no longer in the table; an event
that is refused gets its own dead letter. --scan reads the whole table once, at your cost, and may put more events
than were lost. Every rule that matches gets the events, so consumers must recognize an event by its id. Ctrl-C stops
the command after the current dead letter; the others return to the queue, within ${HOLD_SECONDS / 60} minutes at most. Exit status 1
unless all were redriven; standard error names the others. The account and the region are those of AWS_PROFILE and
AWS_REGION.`;

/** The queues of an inbox that an operator empties. */
interface DeadLetterQueues {
  /** Undefined if the inbox was deployed without forwarding. */
  readonly forwarding: SqsQueue | undefined;
  /** Undefined if the inbox was deployed without an overflow queue. */
  readonly overflow: OverflowQueues | undefined;
}

/** The command `webhook-inbox redrive`. */
export async function redrive(): Promise<void> {
  const options = readOptions(HELP, {
    stack: { type: 'string' },
    inbox: { type: 'string' },
    'dry-run': { type: 'boolean', default: false },
    scan: { type: 'boolean', default: false },
    drop: { type: 'string', multiple: true, default: [] },
    yes: { type: 'boolean', default: false },
  });
  if (!options) return;
  const { scan: isScan, drop: ids, yes: isConfirmed, 'dry-run': isDryRun, ...named } = options;
  const outputs = await inboxOutputs(named);
  const { forwarding, overflow } = queuesOf(outputs);
  if (ids.length > 0) {
    const queues = [forwarding, overflow?.deadLetters].filter((queue) => queue !== undefined);
    return await drop({ queues, ids: new Set(ids), isDryRun, isConfirmed });
  }
  if (overflow) await redriveOverflow(overflow, isDryRun);
  if (forwarding) await redriveForwarding(forwarding, outputs, { isDryRun, isScan });
}

/** @throws {UsageError} if the inbox has no such queue */
function queuesOf(outputs: DeployedOutputs): DeadLetterQueues {
  const { DeadLetterQueueUrl: forwarding } = outputs;
  const { OverflowQueueUrl: overflow, OverflowDeadLetterQueueUrl: deadLetters } = outputs;
  if (!forwarding && !deadLetters)
    throw new UsageError('The inbox has no dead-letter queue: it was deployed without forwarding.');
  return {
    forwarding: forwarding ? sqsQueue(forwarding) : undefined,
    overflow:
      overflow && deadLetters ? { overflow: sqsQueue(overflow), deadLetters: sqsQueue(deadLetters) } : undefined,
  };
}

async function drop(options: DropOptions): Promise<void> {
  const { found, dropped } = await dropDeadLetters(options);
  const missing = options.ids.size - found;
  const [count, verb] = options.isDryRun ? [found, 'that would be dropped'] : [dropped, 'dropped'];
  print(`Dead letters ${verb}: ${count}, not found: ${missing}.`);
  if (missing > 0) process.exitCode = 1;
}

/** A failure here must not keep the events of the other queue from the bus. */
async function redriveOverflow(queues: OverflowQueues, isDryRun: boolean): Promise<void> {
  try {
    const count = isDryRun ? await listOverflow(queues) : await moveOverflow(queues);
    print(`Messages ${isDryRun ? 'that would be moved' : 'moved'} to the overflow queue: ${count}.`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    printError(error.message);
    process.exitCode = 1;
  }
}

async function redriveForwarding(
  queue: SqsQueue,
  outputs: DeployedOutputs,
  options: Pick<RedriveOptions, 'isDryRun' | 'isScan'>,
): Promise<void> {
  const messages = await withAdvice('receive the dead letters', () => queue.receiveAll());
  if (messages.length === 0) return await reportEmptyQueue(queue);
  const results = await redriveDeadLetters(messages, { queue, outputs: forwardingOutputs(outputs), ...options });
  summarize(results, options.isDryRun);
}

/** SQS hides messages for a while that another redrive has received. */
async function reportEmptyQueue(queue: SqsQueue): Promise<void> {
  const held = await withAdvice('read the state of the dead-letter queue', queue.held);
  if (held === 0) return print('The dead-letter queue is empty.');
  throw new UsageError(
    `Another redrive, running or interrupted, holds about ${held} dead letters. They return to the queue within ${HOLD_SECONDS / 60} minutes.`,
  );
}

function summarize(results: readonly RedriveResult[], isDryRun: boolean): void {
  const events = new Set(results.flatMap(({ put }) => put)).size;
  const refused = results.reduce((sum, result) => sum + result.refused, 0);
  const left = results.filter((result) => result.left !== undefined).length;
  const [put, redriven] = isDryRun ? ['that would be put', 'that would be redriven'] : ['put', 'redriven'];
  const separate = refused > 0 ? `, refused: ${refused}` : '';
  print(
    `Events ${put} on the bus: ${events}${separate}. Dead letters ${redriven}: ${results.length - left}, left: ${left}.`,
  );
  if (left + refused > 0) process.exitCode = 1;
}

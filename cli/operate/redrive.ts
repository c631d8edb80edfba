import { readOptions, UsageError } from '../arguments.ts';
import { withAdvice } from './aws-errors.ts';
import { type DeadLetterQueue, deadLetterQueue, HOLD_SECONDS } from './dead-letter-queue.ts';
import { type RedriveResult, redriveDeadLetters } from './redrive-dead-letters.ts';
import { forwardingOutputs, outputOf, STANDARD_STACK, stackOutputs } from './stack-outputs.ts';

const HELP = `Empties the inbox's dead-letter queue: puts the events that its messages name on the event bus.

  npm run redrive -- [--stack NAME] [--dry-run] [--scan]

  --stack NAME  the stack (${STANDARD_STACK})
  --dry-run     lists the events without putting them; leaves every dead letter
  --scan        for dead letters whose records the stream no longer has: finds their events by the time of receipt

A dead letter names records of the table's stream, which keeps them for 24 hours. The command reads their events from the
table and puts them on the bus. It deletes a dead letter once all of its events are on the bus or no longer in the table.
--scan reads the whole table once, at your cost, and may put more events than were lost. Every rule that matches gets the
events, so consumers must recognize an event by its id. Ctrl-C stops the command after the current dead letter; the others
return to the queue, within ${HOLD_SECONDS / 60} minutes at most. Exit status 1 unless all were redriven; standard error names the others.
The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** The command `npm run redrive`. */
export async function redrive(): Promise<void> {
  const options = readOptions(HELP, {
    stack: { type: 'string', default: STANDARD_STACK },
    'dry-run': { type: 'boolean', default: false },
    scan: { type: 'boolean', default: false },
  });
  if (!options) return;
  const { stack, scan: isScan, 'dry-run': isDryRun } = options;
  const outputs = await stackOutputs(stack);
  const queue = deadLetterQueue(outputOf(outputs, 'DeadLetterQueueUrl', 'the inbox was deployed without forwarding.'));
  const messages = await withAdvice('receive the dead letters', queue.receiveAll);
  if (messages.length === 0) return await reportEmptyQueue(queue);
  const results = await redriveDeadLetters(messages, { queue, outputs: forwardingOutputs(outputs), isDryRun, isScan });
  summarize(results, isDryRun);
}

/** SQS hides messages for a while that another redrive has received. */
async function reportEmptyQueue(queue: DeadLetterQueue): Promise<void> {
  const held = await withAdvice('read the state of the dead-letter queue', queue.held);
  if (held === 0) return console.log('The dead-letter queue is empty.');
  throw new UsageError(
    `Another redrive, running or interrupted, holds about ${held} dead letters. They return to the queue within ${HOLD_SECONDS / 60} minutes.`,
  );
}

function summarize(results: readonly RedriveResult[], isDryRun: boolean): void {
  const events = new Set(results.flatMap(({ put }) => put)).size;
  const left = results.filter((result) => result.left !== undefined).length;
  const [put, redriven] = isDryRun ? ['that would be put', 'that would be redriven'] : ['put', 'redriven'];
  console.log(
    `Events ${put} on the bus: ${events}. Dead letters ${redriven}: ${results.length - left}, left: ${left}.`,
  );
  if (left > 0) process.exitCode = 1;
}

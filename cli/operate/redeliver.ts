import { createInterface } from 'node:readline';
import { readArguments, UsageError } from '../arguments.ts';
import { reasonOf } from './aws-errors.ts';
import { redelivery } from './redelivery.ts';
import { forwardingOutputs, STANDARD_STACK, stackOutputs } from './stack-outputs.ts';

const HELP = `Puts stored events on the inbox's event bus once more.

  npm run redeliver -- <source> <event-id>... [--stack NAME] [--dry-run]
  npm run redeliver -- <source> - < FILE

  <source>      the events' source, such as partner
  <event-id>    the provider's id of an event; - reads them from standard input, one a line
  --stack NAME  the stack (${STANDARD_STACK})
  --dry-run     says what would be put, and puts nothing

Every rule that matches gets them again, so consumers must know an event by its id. Exit status 1 unless all were put;
what was not is named on standard error. The account and the region are those of AWS_PROFILE and AWS_REGION.`;

/** What became of an event: put, or why not. */
type Outcome = { readonly said: string } | { readonly failure: string };

/** Takes an event by its id to what becomes of it. */
type Redeliver = (eventId: string) => Promise<Outcome>;

/** The command `npm run redeliver`. */
export async function redeliver(): Promise<void> {
  const given = readArguments(HELP, {
    stack: { type: 'string', default: STANDARD_STACK },
    'dry-run': { type: 'boolean', default: false },
  });
  if (!given) return;
  const { stack, 'dry-run': isDryRun } = given.values;
  const [source, ...args] = given.positionals;
  if (!source || args.length === 0) throw new UsageError(`Name a source and its events.\n\n${HELP}`);
  const eventIds = await eventIdsOf(args);
  await redeliverAll(eventIds, isDryRun, await redeliveryOf(source, stack, isDryRun));
}

/** Each once, in the order given. */
async function eventIdsOf(args: readonly string[]): Promise<readonly string[]> {
  if (!args.includes('-')) return [...new Set(args)];
  if (args.length > 1) throw new UsageError('Give event ids as arguments, or - for standard input; not both.');
  const eventIds = new Set<string>();
  for await (const line of createInterface({ input: process.stdin })) eventIds.add(line.trim());
  eventIds.delete('');
  if (eventIds.size === 0) throw new UsageError('Standard input has no event ids.');
  return [...eventIds];
}

async function redeliveryOf(source: string, stack: string, isDryRun: boolean): Promise<Redeliver> {
  const outputs = forwardingOutputs(await stackOutputs(stack));
  const putAgain = redelivery(outputs, isDryRun);
  return async (eventId) => {
    const said = await putAgain(`${source}#${eventId}`);
    return said === undefined ? { failure: `no such event of ${source} in the table ${outputs.tableName}` } : { said };
  };
}

/** One after the other, in order; one that fails does not keep the others. */
async function redeliverAll(eventIds: readonly string[], isDryRun: boolean, redeliverOne: Redeliver): Promise<void> {
  let failed = 0;
  for (const [index, eventId] of eventIds.entries()) {
    const outcome = await redeliverOne(eventId).catch(failureOf);
    if ('failure' in outcome) failed += 1;
    else if (isDryRun) console.log(`${eventId}: would put ${outcome.said}`);
    showProgress(outcome, eventId, eventIds.length > 1 ? `${index + 1}/${eventIds.length} ` : '');
  }
  console.log(`${eventIds.length - failed} ${isDryRun ? 'would be put' : 'put'} on the bus, ${failed} failed`);
  if (failed > 0) process.exitCode = 1;
}

/** Of one event alone, only its failure. */
function showProgress(outcome: Outcome, eventId: string, place: string): void {
  if ('failure' in outcome) console.error(`${place}${eventId}: failed: ${outcome.failure}`);
  else if (place) console.error(`${place}${eventId}: done`);
}

function failureOf(error: unknown): Outcome {
  return { failure: reasonOf(error, 'read or put it') };
}

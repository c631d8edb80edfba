import { DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBStreamsClient } from '@aws-sdk/client-dynamodb-streams';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { readArguments, UsageError } from '../../arguments.ts';
import { printAttempt } from '../../forwarding/attempt-line.ts';
import { FORWARD_HELP, forwardOptions } from '../../forwarding/forward-options.ts';
import { handlerQueue } from '../../forwarding/handler-queue.ts';
import { sendToHandler } from '../../forwarding/send-to-handler.ts';
import { interruption } from '../../interruption.ts';
import { invocation } from '../../invocation.ts';
import { print, printError } from '../../print.ts';
import { TIMES_HELP } from '../../times.ts';
import { isDenied, reasonOf, withAdvice } from '../aws-errors.ts';
import { STANDARD_STACK } from '../named-inbox.ts';
import { type DeployedOutputs, inboxOutputs, outputOf } from '../stack-outputs.ts';
import { forwardStored } from './forward-stored.ts';
import { type ListenMark, listenMark } from './listen-mark.ts';
import { type ListenStart, listenStart } from './listen-start.ts';
import { requestMaker } from './request-maker.ts';
import { storedSince } from './stored-since.ts';
import { tableStream } from './table-stream.ts';

const HELP = `Forwards what a deployed inbox stores to a handler on this machine.

  ${invocation('listen', '--forward-to URL [source]... [--as FORM] [--since TIME] [--reset] [--scan]')}

  [source]         forwards only events of these sources; those of the others are passed over
${FORWARD_HELP}
  --since TIME     begins with what was stored since then
  --reset          begins now, and forgets what the handler has got
  --scan           scans the whole table for events that the table's stream no longer has, after 24 hours
  --show-secrets   prints generated secrets in full on a terminal too, where they are shortened
  --stack NAME     the stack that has the inbox (${STANDARD_STACK})
  --inbox NAME     the inbox, if the stack has several

${TIMES_HELP}

The first time, it begins now. From then on, it begins with what was stored while it was off: a mark of what the handler
has got is kept in .webhook-inbox/listen, per inbox and URL. Every event is forwarded at least once, in the order of receipt
within a source. An event that the handler does not accept is sent 5 times. While there is no handler, events wait.

Deliveries are signed with WEBHOOK_SECRET_<SOURCE>, or with a key that is generated on this machine: the signing secret
of the deployed source is not read. The account and the region are those of AWS_PROFILE and AWS_REGION. Ctrl-C ends it.
Nothing is deployed. It reads the table's stream beside the forwarder, which DynamoDB allows to two readers at a time.`;

const OPTIONS = {
  'forward-to': { type: 'string' },
  as: { type: 'string' },
  since: { type: 'string' },
  reset: { type: 'boolean', default: false },
  scan: { type: 'boolean', default: false },
  stack: { type: 'string' },
  inbox: { type: 'string' },
} as const;

/** The command `webhook-inbox listen`. */
export async function listen(environment: NodeJS.ProcessEnv): Promise<void> {
  const showsSecrets = { type: 'boolean', default: !process.stdout.isTTY } as const;
  const given = readArguments(HELP, { ...OPTIONS, 'show-secrets': showsSecrets });
  if (!given) return;
  const { 'forward-to': url, as, since, reset, scan, 'show-secrets': shows, ...named } = given.values;
  const forward = forwardOptions(url, as);
  if (!forward) throw new UsageError(`Name the handler: --forward-to URL.\n\n${HELP}`);
  const outputs = await inboxOutputs(named);
  const streamArn = await streamOf(outputs);
  const mark = listenMark({ inboxName: outputOf(outputs, 'InboxName'), streamArn, url: forward.url });
  if (reset) mark.remove();
  const start = listenStart({ mark: mark.read(), since, isScan: scan, now: Date.now() });
  const options = { forward, named, outputs, environment, showsSecrets: shows, sources: given.positionals };
  const { toRequest, description } = await requestMaker(options);
  print(
    `Listening to ${outputOf(outputs, 'InboxName')}, forwarding to ${forward.url}: ${description}\n${start.description}`,
  );
  await run({ outputs, streamArn, mark, start, toRequest });
  print('Stopped.');
}

const outputTable = (outputs: DeployedOutputs) => outputOf(outputs, 'TableName');

/** @throws {UsageError} if the table has no stream */
async function streamOf(outputs: DeployedOutputs): Promise<string> {
  const tableName = outputTable(outputs);
  const noStream = `The table ${tableName} has no stream: the inbox was deployed without forwarding.`;
  const describe = () => new DynamoDBClient().send(new DescribeTableCommand({ TableName: tableName }));
  const { Table } = await withAdvice(`read the table ${tableName}`, () =>
    describe().catch((error) => {
      // An operator of an inbox without forwarding may not describe its table.
      throw isDenied(error) && !outputs.BusName ? new UsageError(noStream, { cause: error }) : error;
    }),
  );
  const { LatestStreamArn, StreamSpecification } = Table ?? {};
  if (LatestStreamArn && StreamSpecification?.StreamEnabled) return LatestStreamArn;
  throw new UsageError(noStream);
}

/** What a run works with. */
interface Run {
  readonly outputs: DeployedOutputs;
  readonly streamArn: string;
  readonly mark: ListenMark;
  readonly start: ListenStart;
  readonly toRequest: Parameters<typeof forwardStored>[0]['toRequest'];
}

async function run({ outputs, streamArn, mark, start, toRequest }: Run): Promise<void> {
  const { position, isFresh, scanFrom } = start;
  const stream = tableStream(new DynamoDBStreamsClient(), { streamArn, position, isFresh, clock: Date.now });
  const documents = DynamoDBDocumentClient.from(new DynamoDBClient());
  const queue = handlerQueue({ send: sendToHandler, report: printAttempt });
  await withAdvice('read what is stored', () =>
    forwardStored({
      stream,
      earlier: scanFrom === undefined ? undefined : storedSince(documents, outputTable(outputs), scanFrom),
      toRequest,
      queue,
      mark,
      signal: interruption(() => print('Stopping: finishing the attempts in flight.')),
      failed: failureReporter(),
    }),
  );
}

/** Shows each failure once: it may pass. */
function failureReporter(): (error: unknown) => void {
  let shown = '';
  return (error) => {
    const reason = reasonOf(error, "read the table's stream");
    if (reason !== shown) printError(`${reason} It is tried again every second.`);
    shown = reason;
  };
}

import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';
import { portFrom, readOptions, UsageError } from '../arguments.ts';
import { printAttempt } from '../forwarding/attempt-line.ts';
import { FORWARD_HELP, type ForwardOptions, forwardOptions } from '../forwarding/forward-options.ts';
import { handlerQueue } from '../forwarding/handler-queue.ts';
import { sendToHandler } from '../forwarding/send-to-handler.ts';
import { CONFIG_HELP, readInboxFile } from '../inbox-file.ts';
import { invocation } from '../invocation.ts';
import { print, printError } from '../print.ts';
import { banner } from './banner.ts';
import { deliveryLine } from './delivery-line.ts';
import { environmentWarnings } from './environment-warnings.ts';
import type { LocalForwarding } from './local-forwarding.ts';
import type { LocalInbox } from './local-inbox.ts';
import { secretVariable } from './local-keys.ts';

const HELP = `Runs webhook-inbox on this machine, with one source per provider and an embedded DynamoDB.

  ${invocation('start', '[--config FILE] [--show-secrets] [--forward-to URL [--as FORM]]')}

  --config FILE    ${CONFIG_HELP}
  --show-secrets   prints generated secrets in full on a terminal too, where they are shortened
${FORWARD_HELP}

Environment:
  PORT                                port of the HTTP front (3000)
  DYNAMODB_PORT                       port of the embedded DynamoDB (8000); its tables are webhook-events and
                                      webhook-quarantine
  WEBHOOK_SECRET_<SOURCE>             signing secret or public key of a source (generated, and printed at start)
  WEBHOOK_PREVIOUS_SECRET_<SOURCE>    previous secret of a source, still accepted (none)
  WEBHOOK_VERIFY_TOKEN_<SOURCE>       verify token of a source whose handshake checks one: Meta (printed at start)
  PUBLIC_URL                          base URL of a tunnel to PORT, for providers that sign the URL or use GET or HEAD
                                      (http://127.0.0.1:<PORT>)
  FORWARD_TO                          URL of a handler, as with --forward-to (none)
  DATA_DIR                            folder that keeps tables, large payloads and deliveries (none: they are in memory)

The server listens on the loopback interface only, and rejects requests for other host names and from pages of other
sites; POST /webhooks/... accepts every host name. It needs no AWS account and never calls one. Ctrl-C stops it.`;

/** The command `webhook-inbox start`. */
export async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  const showsSecrets = { type: 'boolean', default: !process.stdout.isTTY } as const;
  const options = readOptions(HELP, {
    config: { type: 'string' },
    'show-secrets': showsSecrets,
    'forward-to': { type: 'string' },
    as: { type: 'string' },
  });
  if (!options) return;
  const own = readInboxFile(options.config);
  const forward = startOptions(options, environment);
  const ports = {
    port: portFrom(environment, 'PORT', 3000),
    dynamodbPort: portFrom(environment, 'DYNAMODB_PORT', 8000),
  };
  // Loading this takes half a second, which --help and a mistyped port must not wait for.
  const { startLocalInbox } = await import('./local-inbox.ts');
  const forwarding = forward && (await openForwarding(forward, environment));
  const inbox = await startLocalInbox({
    ...ports,
    dataDir: environment.DATA_DIR,
    environment,
    own,
    report: printReport,
    handedOut: printHandedOut,
    forwarding,
  }).catch((error) => explain(error, ports));
  stopOnSignals(inbox, forwarding);
  print(banner({ ...inbox, environment, showsSecrets: options['show-secrets'] }));
  if (forward) print(`Forwarding to ${forward.url}: ${FORWARDED[forward.form]}\n`);
  for (const warning of await environmentWarnings(environment, inbox.sources)) printError(`Warning: ${warning}`);
}

const FORWARDED = {
  delivery: 'deliveries, signed again with the secrets above, or with the private key of a public one.',
  event: 'events, as an API destination of EventBridge sends them.',
};

function startOptions(
  { 'forward-to': url, as }: { readonly 'forward-to'?: string | undefined; readonly as?: string | undefined },
  { FORWARD_TO }: NodeJS.ProcessEnv,
): ForwardOptions | undefined {
  return url === undefined ? forwardOptions(FORWARD_TO, as, 'FORWARD_TO') : forwardOptions(url, as);
}

async function openForwarding(forward: ForwardOptions, environment: NodeJS.ProcessEnv): Promise<LocalForwarding> {
  const { localForwarding } = await import('./local-forwarding.ts');
  return localForwarding({
    ...forward,
    environment,
    queue: handlerQueue({ send: sendToHandler, report: printAttempt }),
    dropped: (source, description) => printError(`Not forwarded: ${source} ${description}: too many events wait.`),
  });
}

function explain(error: NodeJS.ErrnoException & { port?: number }, ports: { port: number }): never {
  const reason = error.code && PORT_ERRORS[error.code];
  if (!reason) throw error;
  const variable = error.port === ports.port ? 'PORT' : 'DYNAMODB_PORT';
  throw new UsageError(
    `Port ${error.port} ${reason}. Set ${variable} to a free one, or to 0 to have one chosen.${SECOND_INBOX[error.code ?? ''] ?? ''}`,
  );
}

const PORT_ERRORS: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is in use',
  EACCES: 'needs more privileges than this user has',
};

/** Both ports of a second inbox are in use, and only one of them is reported. */
const SECOND_INBOX: Readonly<Record<string, string>> = {
  EADDRINUSE: ` Another ${invocation('start')} may use it: a second one needs its own PORT and DYNAMODB_PORT.`,
};

/** Prints one line per delivery. */
function printReport(report: DeliveryReport): void {
  print(deliveryLine(report, new Date()));
  if (report.cause) printError(inspect(report.cause));
}

/** Prints a secret that came in a handshake. Its characters are safe in a terminal and in a shell's variable. */
function printHandedOut(source: string, secret: string): void {
  print(`A handshake hands out a secret for ${source}: ${secret}
If it is the provider's, start again with ${secretVariable(source)}='${secret}'`);
}

/** How long the server waits for the requests in flight when it stops, in milliseconds. */
const STOP_TIMEOUT_MS = 5_000;

async function stopAll(inbox: LocalInbox, forwarding: LocalForwarding | undefined) {
  const { lostMessages } = await inbox.stop();
  return { lostMessages, notForwarded: await forwarding?.stop() };
}

/** Stops at the first signal. Ctrl-C sends a second one: the terminal signals this process, and npm passes its own on. */
function stopOnSignals(inbox: LocalInbox, forwarding: LocalForwarding | undefined): void {
  let isStopping = false;
  const stop = async () => {
    if (isStopping) return;
    isStopping = true;
    print('Stopping: no new requests; finishing those in flight.');
    const result = await Promise.race([stopAll(inbox, forwarding), sleep(STOP_TIMEOUT_MS)]);
    if (result?.lostMessages) {
      printError(`Lost: ${result.lostMessages} acknowledged deliveries that the table did not take. Send them again.`);
    }
    const notForwarded = forwarding?.waiting();
    if (notForwarded) printError(`Not forwarded: ${notForwarded}, which the handler has not taken.`);
    process.exit();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
}

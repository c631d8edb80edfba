import { setTimeout as sleep } from 'node:timers/promises';
import type { Source } from '../../lambda/receiver/source.ts';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';
import { TABLE_NAME } from '../../local/table-name.ts';
import { asCurl, signedSample } from '../../samples/sample.ts';
import { portFrom, readArguments, UsageError } from '../arguments.ts';
import { everySource } from './every-source.ts';
import type { LocalInbox } from './local-inbox.ts';
import { madeUpKeys, secretVariable, signingKey } from './local-keys.ts';

const HELP = `Runs webhook-inbox on this machine: every provider as a source of its own name, with an embedded DynamoDB.

  npm start

Environment:
  PORT                                the HTTP front (3000)
  DYNAMODB_PORT                       the embedded DynamoDB (8000); table ${TABLE_NAME}
  WEBHOOK_SECRET_<SOURCE>             a source's signing secret, or public key (made up, and printed)
  WEBHOOK_PREVIOUS_SECRET_<SOURCE>    the one before it, still accepted (none)
  WEBHOOK_VERIFY_TOKEN_<SOURCE>       where a handshake checks a token of its own: Meta (printed)
  PUBLIC_URL                          for providers that sign the URL (http://127.0.0.1:<PORT>)
  DATA_DIR                            a folder to keep the table in (none: in memory)

It listens on the loopback interface alone, needs no AWS account and never calls one. Ctrl-C stops it.`;

/** The command `npm start`. */
export async function start(environment: NodeJS.ProcessEnv): Promise<void> {
  if (!readArguments(HELP, {})) return;
  const ports = {
    port: portFrom(environment, 'PORT', 3000),
    dynamodbPort: portFrom(environment, 'DYNAMODB_PORT', 8000),
  };
  const options = { ...ports, dataDir: environment.DATA_DIR, environment, report: print };
  // Only now: it takes half a second, for which nobody waits who asks for help or has mistyped a port.
  const { startLocalInbox } = await import('./local-inbox.ts');
  const inbox = await startLocalInbox(options).catch((error) => explain(error, ports));
  printWelcome(inbox, environment);
  stopOnSignals(inbox);
}

function explain(error: NodeJS.ErrnoException & { port?: number }, ports: { port: number }): never {
  if (error.code !== 'EADDRINUSE') throw error;
  const variable = error.port === ports.port ? 'PORT' : 'DYNAMODB_PORT';
  throw new UsageError(`Port ${error.port} is in use. Set ${variable} to a free one, or to 0 to have one chosen.`);
}

function printWelcome({ url, dynamodb }: LocalInbox, environment: NodeJS.ProcessEnv): void {
  const sources = everySource(environment, url);
  console.log(`webhook-inbox is ready. Table ${TABLE_NAME} is at ${dynamodb.endpoint}\n`);
  for (const source of sources.values()) {
    const isSet = environment[secretVariable(source.name)] !== undefined;
    console.log(`  ${source.provider.methods.join(' ')} ${url}/webhooks/${source.name}   ${keyOf(source, isSet)}`);
  }
  const generic = sources.get('generic');
  if (!generic || !signingKey(environment, generic)) return;
  const sample = signedSample(generic, {
    key: signingKey(environment, generic),
    url: `${url}/webhooks/generic`,
    now: Date.now(),
  });
  console.log(`\nA signed request to paste into another terminal:\n\n${asCurl(sample)}\n`);
}

function keyOf(source: Source, isSet: boolean): string {
  const { verifyToken } = source.settings;
  const token = verifyToken === undefined ? '' : `   verify token: ${verifyToken}`;
  if (source.provider.signature.certificate) return `signed with a certificate made up here${token}`;
  return `secret: ${isSet ? `from ${secretVariable(source.name)}` : madeUpKeys(source).verification}${token}`;
}

/** A delivery as a line to read. */
function print(report: DeliveryReport): void {
  const { status, source, eventId, outcome, code, reason, latencyMs, cause } = report;
  const why = [code, reason].filter(Boolean).join(': ');
  const words = [new Date().toISOString(), status, source ?? '-', outcome, eventId ?? '', why && `(${why})`];
  console.log(`${words.filter(Boolean).join(' ')} ${latencyMs.toFixed(1)} ms`);
  if (cause) console.error(cause);
}

/** How long a request in flight may hold up the end, in milliseconds. */
const PATIENCE_MS = 5_000;

function stopOnSignals(inbox: LocalInbox): void {
  const stop = async () => {
    console.log('Stopping: no new requests; finishing those in flight.');
    await Promise.race([inbox.stop(), sleep(PATIENCE_MS)]);
    process.exit();
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
}

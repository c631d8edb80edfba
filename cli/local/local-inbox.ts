import { join } from 'node:path';
import type { OpenDeadline } from '../../lambda/aws/deadline.ts';
import { documentClient } from '../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import { overflow } from '../../lambda/overflow/overflow.ts';
import type { PayloadBucket } from '../../lambda/payloads/payload-bucket.ts';
import { dynamodbQuarantine } from '../../lambda/quarantine/dynamodb-quarantine.ts';
import { type ReceiverFunction, receiver } from '../../lambda/receiver/receiver.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import { cachedSecrets } from '../../lambda/secrets/cached-secrets.ts';
import type { ReadSecret } from '../../lambda/secrets/signing-secret.ts';
import type { Stores } from '../../lambda/storage/store-judgement.ts';
import type { Report } from '../../lambda/telemetry/delivery-report.ts';
import { localConsoleInbox } from '../console/local-console-inbox.ts';
import { serveConsole } from '../console/serve-console.ts';
import { consoleLink, consoleSession } from '../console/session.ts';
import type { DeliveryLog } from '../deliveries/delivery-log.ts';
import { accessToken } from '../deliveries/local/access-token.ts';
import { localDeliveryLog } from '../deliveries/local/local-delivery-log.ts';
import { type ServePage, serveDeliveries } from '../deliveries/local/serve-deliveries.ts';
import type { InboxFile } from '../inbox-file.ts';
import { startApiGateway } from './api-gateway.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb, TABLE_NAME } from './embedded-dynamodb.ts';
import { everySource, publicUrlFrom } from './every-source.ts';
import { keptHeaders } from './kept-headers.ts';
import { localFetch } from './local-certificates.ts';
import type { LocalForwarding } from './local-forwarding.ts';
import { localHandshakes } from './local-handshakes.ts';
import { localSecrets } from './local-keys.ts';
import { type LocalOverflowQueue, localOverflowQueue } from './local-overflow-queue.ts';
import { localPayloadBucket } from './local-payload-bucket.ts';

/** How often expired items are deleted, in milliseconds. */
const EXPIRY_INTERVAL_MS = 60_000;

/** How often the events in the overflow queue are tried again, in milliseconds. */
const OVERFLOW_INTERVAL_MS = 2_000;

/** Options of a local inbox. */
export interface LocalInboxOptions {
  /** The port of the HTTP front; 0 takes any free port. */
  readonly port: number;
  /** 0 takes any free port. */
  readonly dynamodbPort: number;
  /** The folder that the tables, large payloads and deliveries are saved in. @default none: they are in memory */
  readonly dataDir?: string | undefined;
  /** Holds `WEBHOOK_SECRET_<SOURCE>`, `PUBLIC_URL` and the other variables of sources. */
  readonly environment: NodeJS.ProcessEnv;
  /** Called after each delivery. */
  readonly report: Report;
  /** Called with the secret that a handshake hands out. Anyone who reaches the inbox can send one. @default - not shown */
  readonly handedOut?: (source: string, secret: string) => void;
  /** Sources of one's own. @default - those of the providers alone */
  readonly own?: InboxFile;
  /** The token with which the deliveries are read. @default accessToken() */
  readonly token?: string;
  /** Forwards what is stored to a handler. @default - nothing is forwarded */
  readonly forwarding?: LocalForwarding | undefined;
}

/** A running local inbox. */
export interface LocalInbox {
  /** The URL of the HTTP front, on the loopback interface. */
  readonly url: string;
  readonly sources: Sources;
  readonly dynamodb: EmbeddedDynamodb;
  /** Its deliveries, the newest 10,000. */
  readonly deliveries: DeliveryLog;
  /** A link to the console, for one browser. */
  readonly consoleUrl: () => string;
  /** Finishes the requests in flight, tries the overflow queue once more, and stops. */
  readonly stop: () => Promise<StopResult>;
}

/** The result of stopping a local inbox. */
export interface StopResult {
  /** Messages that were in the overflow queue, which is in memory, because the table did not take their events. */
  readonly lostMessages: number;
}

/**
 * Starts the whole request path on this machine: an HTTP front in the place of API Gateway, the receiver, and an embedded
 * DynamoDB.
 * @throws {UsageError} if `PUBLIC_URL` is not a URL, or the tables cannot be saved in `dataDir`
 * @throws {NodeJS.ErrnoException} `EADDRINUSE` if a port is in use
 */
export async function startLocalInbox(options: LocalInboxOptions): Promise<LocalInbox> {
  const { port, dynamodbPort, dataDir, environment, own, forwarding } = options;
  const publicUrl = publicUrlFrom(environment);
  const payloads = localPayloadBucket(dataDir && join(dataDir, 'payloads'));
  const table = { tableName: TABLE_NAME, dataDir, payloads, onStored: forwarding?.stored };
  const dynamodb = await startEmbeddedDynamodb({ port: dynamodbPort, ...table });
  const stopped = new AbortController();
  const deliveries = localDeliveryLog(dataDir && join(dataDir, 'deliveries.ndjson'));
  const report: Report = (delivery) => {
    deliveries.report(delivery);
    options.report(delivery);
  };
  const token = options.token ?? accessToken();
  const session = consoleSession(token);
  const serveLog = serveDeliveries(deliveries, token, stopped.signal);
  let servePage: ServePage = () => false;
  const front = await startApiGateway((event, context) => receive(event, context), port, {
    publicUrl,
    report,
    servePage: (request, response) => serveLog(request, response) || servePage(request, response),
  }).catch(async (error) => {
    await dynamodb.stop();
    throw error;
  });
  const opened = async () => everySource(environment, publicUrl ?? front.url, own);
  const sources = await opened().catch(async (error) => {
    // What listens keeps the process alive.
    await front.stop();
    await dynamodb.stop();
    throw error;
  });
  const queue = localOverflowQueue();
  const stores = localStores(dynamodb, payloads);
  const { url } = front;
  const headers = keptHeaders(sources);
  const parts = { url, environment, sources, deliveries, dynamodb, stores, bucket: payloads, headers };
  const inbox = localConsoleInbox(parts);
  servePage = serveConsole(inbox, session, stopped.signal);
  const forward = forwarding?.delivered(sources);
  const handshakes = localHandshakes(options.handedOut);
  const reportAll: Report = (each) => {
    report(each);
    forward?.(each);
    handshakes.report(each);
  };
  const secrets = localSecrets({ environment, sources, handshakeKey: handshakes.key });
  const called = localReceiver({ secrets, report: reportAll, stores, sources, queue });
  const receive = headers.keeping(forwarding?.keeping(called) ?? called);
  const storeQueued = overflow({ ...stores, report: () => undefined }, neverPasses);
  const timers = [
    setInterval(() => dynamodb.deleteExpired().catch(() => undefined), EXPIRY_INTERVAL_MS),
    setInterval(() => queue.deliver(storeQueued), OVERFLOW_INTERVAL_MS),
  ];
  return {
    url,
    sources,
    dynamodb,
    deliveries,
    consoleUrl: () => consoleLink(url, session),
    async stop() {
      for (const timer of timers) clearInterval(timer);
      stopped.abort();
      await front.stop();
      await queue.deliver(storeQueued);
      await dynamodb.stop();
      return { lostMessages: queue.waiting() };
    },
  };
}

/** The table is in this process, so only a busy machine could make a write late. */
const neverPasses: OpenDeadline = () => ({ signal: new AbortController().signal, [Symbol.dispose]() {} });

function localStores({ client, tableName, quarantineTableName }: EmbeddedDynamodb, payloads: PayloadBucket): Stores {
  const documents = documentClient(client);
  return {
    store: dynamodbEventStore(documents, tableName, neverPasses),
    quarantine: dynamodbQuarantine(documents, quarantineTableName, neverPasses),
    payloads,
  };
}

interface LocalReceiverOptions extends Pick<LocalInboxOptions, 'report'> {
  readonly secrets: ReadSecret;
  readonly stores: Stores;
  readonly sources: Sources;
  readonly queue: LocalOverflowQueue;
}

function localReceiver({ stores, sources, queue, secrets, report }: LocalReceiverOptions): ReceiverFunction {
  return receiver({
    ...stores,
    sources,
    secrets: cachedSecrets(secrets, Date.now),
    overflow: queue,
    report,
    fetch: localFetch(sources),
    clock: Date.now,
  });
}

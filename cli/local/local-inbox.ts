import type { OpenDeadline } from '../../lambda/aws/deadline.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import { type ReceiverFunction, receiver } from '../../lambda/receiver/receiver.ts';
import type { Sources } from '../../lambda/receiver/source.ts';
import { cachedSecrets } from '../../lambda/secrets/cached-secrets.ts';
import type { Report } from '../../lambda/telemetry/delivery-report.ts';
import { TABLE_NAME } from '../../local/table-name.ts';
import { type ApiGateway, startApiGateway } from './api-gateway.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from './embedded-dynamodb.ts';
import { everySource } from './every-source.ts';
import { localFetch } from './local-certificates.ts';
import { localSecrets } from './local-keys.ts';

/** How often what has expired is deleted, in milliseconds. */
const SWEEP_INTERVAL_MS = 60_000;

/** What a local inbox is started with. */
export interface LocalInboxOptions {
  /** 0 takes any free port. */
  readonly port: number;
  /** 0 takes any free port. */
  readonly dynamodbPort: number;
  readonly dataDir?: string | undefined;
  /** Where `WEBHOOK_SECRET_<SOURCE>` and the like are looked up. */
  readonly environment: NodeJS.ProcessEnv;
  readonly report: Report;
}

/** A running local inbox. */
export interface LocalInbox {
  readonly url: string;
  readonly dynamodb: EmbeddedDynamodb;
  /** Finishes the requests in flight, and stops. */
  readonly stop: () => Promise<void>;
}

/** Starts the whole path on this machine: an HTTP front as API Gateway is, the receiver, an embedded DynamoDB. */
export async function startLocalInbox(options: LocalInboxOptions): Promise<LocalInbox> {
  const { port, dynamodbPort, dataDir, environment, report } = options;
  const dynamodb = await startEmbeddedDynamodb({ port: dynamodbPort, tableName: TABLE_NAME, dataDir });
  const front = await startApiGateway((event, context) => receive(event, context), port).catch(async (error) => {
    await dynamodb.stop();
    throw error;
  });
  const receive = localReceiver(dynamodb, everySource(environment, front.url), environment, report);
  const sweeper = setInterval(() => dynamodb.deleteExpired().catch(() => undefined), SWEEP_INTERVAL_MS);
  return { url: front.url, dynamodb, stop: () => stopAll(front, dynamodb, sweeper) };
}

/** The table is in this process, so only a busy machine could make a write late. */
const neverPasses: OpenDeadline = () => ({ signal: new AbortController().signal, [Symbol.dispose]() {} });

function localReceiver(
  dynamodb: EmbeddedDynamodb,
  sources: Sources,
  environment: NodeJS.ProcessEnv,
  report: Report,
): ReceiverFunction {
  return receiver({
    sources,
    secrets: cachedSecrets(localSecrets(environment, sources), Date.now),
    store: dynamodbEventStore(dynamodb.client, TABLE_NAME, neverPasses),
    report,
    fetch: localFetch(sources),
    clock: Date.now,
  });
}

async function stopAll(front: ApiGateway, dynamodb: EmbeddedDynamodb, sweeper: NodeJS.Timeout): Promise<void> {
  clearInterval(sweeper);
  await front.stop();
  await dynamodb.stop();
}

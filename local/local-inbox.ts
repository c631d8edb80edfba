import { toSource } from '../lambda/config.ts';
import { dynamodbEventStore } from '../lambda/events/dynamodb-event-store.ts';
import { type ProviderName, providers } from '../lambda/providers/index.ts';
import { receiver } from '../lambda/receiver.ts';
import type { Report } from '../lambda/reports/delivery-report.ts';
import { cachedSecrets } from '../lambda/secrets/cached-secrets.ts';
import type { Sources } from '../lambda/source.ts';
import { type ApiGateway, startApiGateway } from './api-gateway.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from './embedded-dynamodb.ts';
import { localSecrets } from './local-keys.ts';

/** The table's name on this machine. */
export const TABLE_NAME = 'webhook-events';

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

/** Every provider, as a source of its own name. */
export function everySource(): Sources {
  const names = Object.keys(providers) as ProviderName[];
  return new Map(names.map((name) => [name, toSource(name, { provider: name })]));
}

/** Starts the whole path on this machine: an HTTP front as API Gateway is, the receiver, an embedded DynamoDB. */
export async function startLocalInbox(options: LocalInboxOptions): Promise<LocalInbox> {
  const { port, dynamodbPort, dataDir, environment, report } = options;
  const dynamodb = await startEmbeddedDynamodb({ port: dynamodbPort, tableName: TABLE_NAME, dataDir });
  const receive = localReceiver(dynamodb, environment, report);
  const front = await startApiGateway(receive, port).catch(async (error) => {
    await dynamodb.stop();
    throw error;
  });
  const sweeper = setInterval(() => dynamodb.deleteExpired().catch(() => undefined), SWEEP_INTERVAL_MS);
  return { url: front.url, dynamodb, stop: () => stopAll(front, dynamodb, sweeper) };
}

function localReceiver(dynamodb: EmbeddedDynamodb, environment: NodeJS.ProcessEnv, report: Report) {
  const sources = everySource();
  return receiver({
    sources,
    secrets: cachedSecrets(localSecrets(environment, sources), Date.now),
    store: dynamodbEventStore(dynamodb.client, TABLE_NAME),
    report,
    clock: Date.now,
  });
}

async function stopAll(front: ApiGateway, dynamodb: EmbeddedDynamodb, sweeper: NodeJS.Timeout): Promise<void> {
  clearInterval(sweeper);
  await front.stop();
  await dynamodb.stop();
}

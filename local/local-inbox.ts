import { toSource } from '../lambda/config.ts';
import { dynamodbEventStore } from '../lambda/events/dynamodb-event-store.ts';
import { type ProviderName, providers } from '../lambda/providers/index.ts';
import type { Setting } from '../lambda/providers/provider.ts';
import { type ReceiverFunction, receiver } from '../lambda/receiver.ts';
import type { Report } from '../lambda/reports/delivery-report.ts';
import { cachedSecrets } from '../lambda/secrets/cached-secrets.ts';
import type { Settings } from '../lambda/signature/scheme.ts';
import type { Sources } from '../lambda/source.ts';
import { type ApiGateway, startApiGateway } from './api-gateway.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from './embedded-dynamodb.ts';
import { localFetch } from './local-certificates.ts';
import { localSecrets, variableOf } from './local-keys.ts';

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

/**
 * Every provider, as a source of its own name.
 * @param publicUrl what the providers that sign the URL were given, up to `/webhooks`
 */
export function everySource(environment: NodeJS.ProcessEnv, publicUrl: string): Sources {
  const base = (environment.PUBLIC_URL || publicUrl).replace(/\/+$/, '');
  const names = Object.keys(providers) as ProviderName[];
  return new Map(
    names.map((name) => {
      const settings = localSettings(environment, name);
      return [name, toSource(name, { provider: name, publicUrl: `${base}/webhooks/${name}`, settings })];
    }),
  );
}

/** A provider's settings: what the samples say, and the verify token from the environment. */
function localSettings(environment: NodeJS.ProcessEnv, name: ProviderName): Settings {
  const { settings } = providers[name]();
  const examples = Object.entries<Setting>(settings).map(([key, { example }]) => [key, example]);
  const verifyToken = environment[variableOf('WEBHOOK_VERIFY_TOKEN_', name)];
  return { ...Object.fromEntries(examples), ...('verifyToken' in settings && verifyToken && { verifyToken }) };
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

function localReceiver(
  dynamodb: EmbeddedDynamodb,
  sources: Sources,
  environment: NodeJS.ProcessEnv,
  report: Report,
): ReceiverFunction {
  return receiver({
    sources,
    secrets: cachedSecrets(localSecrets(environment, sources), Date.now),
    store: dynamodbEventStore(dynamodb.client, TABLE_NAME),
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

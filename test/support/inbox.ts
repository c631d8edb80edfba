import { type AttributeValue, type DynamoDBClient, GetItemCommand, paginateScan } from '@aws-sdk/client-dynamodb';
import { startApiGateway } from '../../cli/local/api-gateway.ts';
import { type EmbeddedDynamodb, startEmbeddedDynamodb } from '../../cli/local/embedded-dynamodb.ts';
import type { ClientLimits } from '../../lambda/aws/client-limits.ts';
import type { OpenDeadline } from '../../lambda/aws/deadline.ts';
import { documentClient } from '../../lambda/aws/document-client.ts';
import { dynamodbEventStore } from '../../lambda/events/dynamodb-event-store.ts';
import type { OverflowQueue } from '../../lambda/overflow-queue/overflow-queue.ts';
import type { PayloadBucket } from '../../lambda/payloads/payload-bucket.ts';
import { type CustomDefinition, custom } from '../../lambda/providers/index.ts';
import { dynamodbQuarantine } from '../../lambda/quarantine/dynamodb-quarantine.ts';
import { type ReceiverFunction, receiver } from '../../lambda/receiver/receiver.ts';
import { toSource } from '../../lambda/receiver/registered-source.ts';
import { type OnInvalid, openSource } from '../../lambda/receiver/source.ts';
import { cachedSecrets } from '../../lambda/secrets/cached-secrets.ts';
import type { ReadSecret } from '../../lambda/secrets/signing-secret.ts';
import type { DeliveryReport } from '../../lambda/telemetry/delivery-report.ts';
import { dynamodbClient } from './aws-clients.ts';
import { neverPasses } from './deadlines.ts';
import { type Behaviour, type FaultyServer, startFaultyServer } from './faulty-server.ts';
import { NOW, SECRET } from './generic-event.ts';
import { type Answer, exchange, type Outgoing } from './http.ts';
import { memoryPayloadBucket, noOverflowQueue } from './memory-stores.ts';

export const TABLE_NAME = 'events-of-a-test';

/** What a test may choose. */
export interface InboxOptions {
  /** @default every source has `SECRET` */
  readonly readSecret?: ReadSecret;
  /** Makes both sources custom ones. @default - they are of the generic provider */
  readonly definition?: CustomDefinition;
  readonly maxBodyBytes?: number;
  /** @default - the generic provider's */
  readonly onInvalid?: OnInvalid;
  readonly retentionSeconds?: number;
  /** In place of a bucket in memory. */
  readonly payloads?: PayloadBucket;
  /** Takes what the tables do not. @default - none: it is unavailable too */
  readonly overflow?: OverflowQueue;
  /** How the DynamoDB that events are written to misbehaves. @default not at all */
  readonly fault?: Behaviour;
  /** How the DynamoDB that the quarantine is written to misbehaves. @default - as the one that events are written to */
  readonly quarantineFault?: Behaviour;
  /** Time limits of the client that a `fault` meets. @default none */
  readonly limits?: ClientLimits;
  /** Deadlines of the writes. @default they never pass */
  readonly openDeadline?: OpenDeadline;
}

/** The whole path on loopback: HTTP front, receiver, AWS SDK, embedded DynamoDB. Two generic sources: partner, other. */
export interface TestInbox extends AsyncDisposable {
  readonly url: string;
  /** The function itself. */
  readonly receive: ReceiverFunction;
  readonly dynamodb: EmbeddedDynamodb;
  /** The server in front of it, if the test chose a fault. */
  readonly faulty: FaultyServer | undefined;
  /** The server in front of it that the quarantine is written through, if the test chose a fault for that. */
  readonly faultyQuarantine: FaultyServer | undefined;
  /** The receiver's clock; set it as you like. */
  readonly clock: { now: number };
  readonly reports: readonly DeliveryReport[];
  /** The operations that DynamoDB received, in order; `items` adds a Scan. */
  readonly operations: readonly string[];
  /** The objects of the payload bucket. */
  readonly objects: ReadonlyMap<string, Uint8Array>;
  /** Sends a request to the source `partner`, or to another path. */
  readonly post: (request: Outgoing, path?: string) => Promise<Answer>;
  /** Every item of the events table, as DynamoDB types it. */
  readonly items: () => Promise<Record<string, AttributeValue>[]>;
  /** Every item of the quarantine table, as DynamoDB types it. */
  readonly quarantined: () => Promise<Record<string, AttributeValue>[]>;
  /** The item under a key. */
  readonly item: (id: string) => Promise<Record<string, AttributeValue> | undefined>;
}

export async function startInbox(options: InboxOptions = {}): Promise<TestInbox> {
  const {
    readSecret = async () => ({ secret: { current: SECRET } }),
    definition,
    fault,
    quarantineFault,
    limits,
    ...others
  } = options;
  const objects = new Map<string, Uint8Array>();
  const {
    openDeadline = neverPasses,
    payloads = memoryPayloadBucket(objects),
    overflow = noOverflowQueue,
    ...rest
  } = others;
  const clock = { now: NOW };
  const reports: DeliveryReport[] = [];
  const operations: string[] = [];
  const dynamodb = await startEmbeddedDynamodb({ port: 0, tableName: TABLE_NAME });
  dynamodb.server.on('request', ({ headers }) => {
    operations.push(String(headers['x-amz-target']).replace('DynamoDB_20120810.', ''));
  });
  const faulty = fault && (await startFaultyServer(fault, dynamodb.endpoint));
  const client = faulty ? dynamodbClient(faulty.endpoint, limits) : dynamodb.client;
  const documents = documentClient(client);
  const faultyQuarantine = quarantineFault && (await startFaultyServer(quarantineFault, dynamodb.endpoint));
  const quarantineClient = faultyQuarantine && dynamodbClient(faultyQuarantine.endpoint, limits);
  const quarantineDocuments = quarantineClient ? documentClient(quarantineClient) : documents;
  const build = (name: string) =>
    definition
      ? openSource(name, { provider: 'custom', ...rest }, custom(definition))
      : toSource(name, { provider: 'generic', ...rest });
  const source = (name: string) => [name, build(name)] as const;
  const receive = receiver({
    sources: new Map([source('partner'), source('other')]),
    secrets: cachedSecrets(readSecret, () => clock.now),
    store: dynamodbEventStore(documents, TABLE_NAME, openDeadline),
    quarantine: dynamodbQuarantine(quarantineDocuments, dynamodb.quarantineTableName, openDeadline),
    payloads,
    overflow,
    openDeadline,
    report: (report) => reports.push(report),
    fetch: () => Promise.reject(new Error('no request is made here')),
    clock: () => clock.now,
  });
  const front = await startApiGateway(receive, 0);
  return {
    url: front.url,
    receive,
    dynamodb,
    faulty,
    faultyQuarantine,
    clock,
    reports,
    operations,
    objects,
    post: (request, path = '/webhooks/partner') => exchange(front.url + path, request),
    items: () => scan(dynamodb.client, TABLE_NAME),
    quarantined: () => scan(dynamodb.client, dynamodb.quarantineTableName),
    item: (id) => get(dynamodb.client, id),
    async [Symbol.asyncDispose]() {
      await front.stop();
      client.destroy();
      quarantineClient?.destroy();
      await faulty?.[Symbol.asyncDispose]();
      await faultyQuarantine?.[Symbol.asyncDispose]();
      await dynamodb.stop();
    },
  };
}

async function get(client: DynamoDBClient, id: string): Promise<Record<string, AttributeValue> | undefined> {
  const key = { TableName: TABLE_NAME, Key: { id: { S: id } }, ConsistentRead: true };
  return (await client.send(new GetItemCommand(key))).Item;
}

async function scan(client: DynamoDBClient, TableName: string): Promise<Record<string, AttributeValue>[]> {
  const items: Record<string, AttributeValue>[] = [];
  for await (const page of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}

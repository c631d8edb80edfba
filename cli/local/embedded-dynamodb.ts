import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import {
  ConditionalCheckFailedException,
  CreateTableCommand,
  DynamoDBClient,
  ResourceInUseException,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { EventItem } from '../../lambda/events/event-item.ts';
import { newItem } from '../../lambda/forwarder/stored-item.ts';
import { prepareDataFolder } from './data-folder.ts';
import { type DynamodbEngine, openDynamodbEngine } from './dynamodb-engine.ts';
import { listen, readBytes } from './http.ts';
import type { LocalPayloadBucket } from './local-payload-bucket.ts';
import { isOwnRequest } from './own-requests.ts';
import { isForPayload, refusePayload, servePayload } from './serve-payload.ts';

/** The events table of `npm start`. */
export const TABLE_NAME = 'webhook-events';

/** The quarantine table of `npm start`. */
export const QUARANTINE_TABLE_NAME = 'webhook-quarantine';

/** The largest request that DynamoDB accepts, in bytes. */
const MAX_REQUEST_BYTES = 16 * 1024 * 1024;

/** Options of the embedded DynamoDB. */
export interface EmbeddedDynamodbOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly tableName: string;
  /** @default QUARANTINE_TABLE_NAME */
  readonly quarantineTableName?: string;
  /** The folder that the tables are saved in. @default none: the tables are in memory */
  readonly dataDir?: string | undefined;
  /** Large payloads, which the same port serves in the API of S3. @default none are served */
  readonly payloads?: LocalPayloadBucket;
  /** Called with each new item of the events table, in place of the table's stream. @default - nothing is called */
  readonly onStored?: ((item: EventItem) => void) | undefined;
}

/** A running embedded DynamoDB with an events table and a quarantine table. */
export interface EmbeddedDynamodb {
  readonly endpoint: string;
  readonly tableName: string;
  readonly quarantineTableName: string;
  /** The HTTP server that clients connect to. */
  readonly server: Server;
  /** A client of this server. Its credentials are placeholders, so it can never reach a real account. */
  readonly client: DynamoDBClient;
  /** Deletes expired items, as DynamoDB's time to live does. */
  readonly deleteExpired: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/**
 * Starts a DynamoDB engine in this process, on the loopback interface, and creates the events table and the quarantine
 * table in it.
 * @throws {UsageError} if the tables cannot be saved in `dataDir`
 */
export async function startEmbeddedDynamodb(options: EmbeddedDynamodbOptions): Promise<EmbeddedDynamodb> {
  const { port, tableName, quarantineTableName = QUARANTINE_TABLE_NAME, dataDir, payloads, onStored } = options;
  if (dataDir) await prepareDataFolder(dataDir);
  const engine = openDynamodbEngine(dataDir);
  const server = createServer((request, response) => {
    serve({ engine, payloads, tableName, onStored }, request, response).catch(() => response.destroy());
  });
  const endpoint = await listen(server, port).catch(async (error) => {
    await engine.stop();
    throw error;
  });
  const client = localClient(endpoint);
  // A document client changes how the client under it writes items, so expired items are deleted with a separate one.
  const expiryClient = localClient(endpoint);
  const tableNames = [tableName, quarantineTableName];
  for (const each of tableNames) await createTable(client, each);
  return {
    endpoint,
    tableName,
    quarantineTableName,
    server,
    client,
    async deleteExpired() {
      for (const each of tableNames) await deleteExpired(expiryClient, each);
    },
    async stop() {
      client.destroy();
      expiryClient.destroy();
      await close(server);
      await engine.stop();
    },
  };
}

/** A client for an endpoint on this machine. */
export function localClient(endpoint: string): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
}

async function createTable(client: DynamoDBClient, tableName: string): Promise<void> {
  const table = new CreateTableCommand({
    TableName: tableName,
    AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
    BillingMode: 'PAY_PER_REQUEST',
  });
  await client.send(table).catch((error) => {
    if (!(error instanceof ResourceInUseException)) throw error;
  });
  // The engine takes no items until a moment later.
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 0.01, maxDelay: 0.1 }, { TableName: tableName });
}

async function deleteExpired(client: DynamoDBClient, tableName: string): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client);
  const expired = {
    TableName: tableName,
    ProjectionExpression: 'id',
    FilterExpression: 'expires_at < :now',
    ExpressionAttributeValues: { ':now': Math.floor(Date.now() / 1000) },
  };
  for await (const { Items = [] } of paginateScan({ client: documents }, expired)) {
    for (const { id } of Items) await deleteIfExpired(documents, tableName, id);
  }
}

/** The item may have been written again since the scan. */
async function deleteIfExpired(documents: DynamoDBDocumentClient, tableName: string, id: unknown): Promise<void> {
  const expired = new DeleteCommand({
    TableName: tableName,
    Key: { id },
    ConditionExpression: 'expires_at < :now',
    ExpressionAttributeValues: { ':now': Math.floor(Date.now() / 1000) },
  });
  await documents.send(expired).catch((error) => {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
  });
}

/** What a port serves. */
interface Served extends Pick<EmbeddedDynamodbOptions, 'tableName' | 'onStored'> {
  readonly engine: DynamodbEngine;
  readonly payloads: LocalPayloadBucket | undefined;
}

/** Serves clients on this machine. A page of another site must neither read nor change what is stored. */
async function serve(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { payloads } = served;
  const isPayload = payloads !== undefined && isForPayload(request);
  if (!isOwnRequest(request)) return isPayload ? refusePayload(response) : refuse(response);
  return isPayload ? await servePayload(payloads, request, response) : await forward(served, request, response);
}

/** @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Programming.Errors.html */
function refuse(response: ServerResponse): void {
  const message = 'Name this server 127.0.0.1, localhost or [::1], and do not call it from a page of another site.';
  response.writeHead(403, { 'Content-Type': 'application/x-amz-json-1.0' });
  response.end(JSON.stringify({ __type: 'com.amazon.coral.service#AccessDeniedException', message }));
}

// The engine does not return the old item of a failed condition, so this server reads it. Nothing can change the item
// in between: an item is never overwritten while it lives.

/** Forwards a request to the engine, and its response to the client. */
async function forward(served: Served, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { engine } = served;
  const body = (await readBytes(request, MAX_REQUEST_BYTES)) ?? Buffer.alloc(0);
  const answer = await engine.post(request.headers, body);
  const withOldItem = await addOldItem(engine, request, body.toString(), answer.body);
  response.writeHead(answer.status, { 'Content-Type': answer.contentType });
  response.end(withOldItem);
  if (answer.status === 200) passOn(served, request, body);
}

/** Nothing edits an item, so each item that is put is new. */
function passOn({ tableName, onStored }: Served, { headers }: IncomingMessage, body: Buffer): void {
  if (!onStored || !headers['x-amz-target']?.toString().endsWith('.PutItem')) return;
  const { TableName, Item } = JSON.parse(body.toString());
  const item = TableName === tableName ? newItem({ dynamodb: { NewImage: Item } }) : undefined;
  if (item) onStored(item);
}

async function addOldItem(engine: DynamodbEngine, { headers }: IncomingMessage, body: string, failure: string) {
  if (!failure.includes('ConditionalCheckFailedException')) return failure;
  const { TableName, Item, ReturnValuesOnConditionCheckFailure: returned } = JSON.parse(body);
  if (returned !== 'ALL_OLD') return failure;
  const old = await engine.post(
    { ...headers, 'x-amz-target': 'DynamoDB_20120810.GetItem' },
    JSON.stringify({ TableName, Key: { id: Item.id }, ConsistentRead: true }),
  );
  const { Item: oldItem } = JSON.parse(old.body) as { Item?: unknown };
  return JSON.stringify({ ...JSON.parse(failure), Item: oldItem });
}

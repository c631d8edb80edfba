import { randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { type AttributeValue, type DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { mean } from 'simple-statistics';
import { localClient } from '../cli/local/embedded-dynamodb.ts';
import { type Arena, fileOf } from './arena.ts';
import type { Tally } from './backends-process.ts';
import { CONTESTANTS, type ContestantName, TABLE_NAME } from './contestants.ts';
import { genericDelivery, genericEvent, githubDelivery, stripeDelivery } from './deliveries.ts';

/** Requests of a contestant to DynamoDB. */
export interface Usage {
  /** For a new event. */
  readonly stored: Tally;
  /** For the same event, delivered again. */
  readonly duplicate: Tally;
}

/** Counts each contestant's requests to DynamoDB for a new event and for a duplicate. */
export async function countUsage(arena: Arena): Promise<Map<ContestantName, Usage>> {
  const usage = new Map<ContestantName, Usage>();
  for (const { name } of CONTESTANTS) {
    await using contestant = arena.start(true);
    await contestant.load(fileOf(arena, name));
    const event = genericDelivery(genericEvent(randomUUID()));
    await contestant.handle(event);
    const stored = await arena.backends.takeTally();
    await contestant.handle(event);
    usage.set(name, { stored, duplicate: await arena.backends.takeTally() });
  }
  return usage;
}

/** Size and write units of a provider's payload in webhook-inbox's table, each the mean of several events. */
export interface PayloadUnits {
  readonly payload: string;
  readonly bytes: number;
  readonly writeUnits: number;
  /** Write units of the same items with an uncompressed payload. */
  readonly plainWriteUnits: number;
}

const PAYLOADS: readonly (readonly [payload: string, make: (id: string) => APIGatewayProxyEvent])[] = [
  ['GitHub push', githubDelivery],
  ['Stripe invoice.paid', stripeDelivery],
];

/** Constant, so that every run counts the same payloads. */
const IDS = Array.from({ length: 20 }, (_, index) => `00000000-0000-4000-8000-${String(index).padStart(12, '0')}`);

/**
 * Counts the write units of providers' payloads, compressed and uncompressed.
 * @throws {Error} if webhook-inbox does not respond with 200
 */
export async function countPayloadUnits(arena: Arena): Promise<PayloadUnits[]> {
  const client = localClient(arena.backends.plainDynamodb);
  await using contestant = arena.start(true);
  await contestant.load(fileOf(arena, 'inbox'));
  const counted: PayloadUnits[] = [];
  for (const [payload, make] of PAYLOADS) {
    const deliveries = IDS.map(make);
    const units: number[] = [];
    for (const delivery of deliveries) {
      const { statusCode } = await contestant.handle(delivery);
      if (statusCode !== 200) throw new Error(`The response to ${payload} was ${statusCode}.`);
      units.push((await arena.backends.takeTally()).writeUnits);
    }
    const items = await itemsOf(client, deliveries[0]?.path.split('/').at(-1) ?? '');
    const plain = await Promise.all(items.map((item) => plainUnits(client, item)));
    const bytes = deliveries.map(({ body }) => Buffer.byteLength(body ?? '', 'base64'));
    counted.push({ payload, bytes: mean(bytes), writeUnits: mean(units), plainWriteUnits: mean(plain) });
  }
  client.destroy();
  return counted;
}

type Item = Record<string, AttributeValue>;

async function itemsOf(client: DynamoDBClient, source: string): Promise<Item[]> {
  const { Items = [] } = await client.send(
    new ScanCommand({
      TableName: TABLE_NAME,
      FilterExpression: '#source = :source',
      ExpressionAttributeNames: { '#source': 'source' },
      ExpressionAttributeValues: { ':source': { S: source } },
    }),
  );
  return Items;
}

/** Puts an item again with its payload as text, and returns the write units. */
async function plainUnits(client: DynamoDBClient, { payload_encoding, payload, ...rest }: Item): Promise<number> {
  const text = payload?.B ? String(gunzipSync(payload.B)) : (payload?.S ?? '');
  const { ConsumedCapacity } = await client.send(
    new PutItemCommand({
      TableName: TABLE_NAME,
      Item: { ...rest, payload: { S: text } },
      ReturnConsumedCapacity: 'TOTAL',
    }),
  );
  return ConsumedCapacity?.CapacityUnits ?? Number.NaN;
}
